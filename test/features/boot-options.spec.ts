import { describe, expect, it } from 'vitest';
import type { DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  ConfigurationError,
  MemorySessionStore,
} from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';

type Given = Partial<AuthModuleOptions> & AuthModuleExtras;
/** Options as a program without types may give them. */
const untyped = (options: object) => options as Given;

/** What booting with these options is refused with; undefined where it boots. */
async function refusal(options: Given, database: Given = { store: new MemorySessionStore() }): Promise<unknown> {
  return refusalOf(() => AuthModule.forRoot({ secret: SECRET, ...database, ...options }));
}

async function refusalOf(makeModule: () => DynamicModule): Promise<unknown> {
  try {
    const testing = await Test.createTestingModule({ imports: [makeModule()] }).compile();
    const app = testing.createNestApplication({ logger: false });
    try {
      await app.init();
    } finally {
      await app.close();
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectNamed(error: unknown, option: string, problem: string, mend: string): void {
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    name: 'ConfigurationError',
    option,
    message: `AuthModule option \`${option}\`: ${problem}. ${mend}.`,
  });
}

const A_SECRET = 'Give at least 32 random bytes, for example from `openssl rand -base64 48`';
const A_DURATION = "Write a whole number with a unit, such as '10s', '5m', '12h' or '30d', or a number of milliseconds";

describe('an app refuses to boot', () => {
  it.each<[string, object, string, string, string]>([
    ['no secret', { secret: undefined }, 'secret', 'it is missing', A_SECRET],
    ['an empty secret', { secret: '' }, 'secret', 'it has 0 bytes, too few to resist guessing', A_SECRET],
    ['a short secret', { secret: 's'.repeat(31) }, 'secret', 'it has 31 bytes, too few to resist guessing', A_SECRET],
    ['a short Buffer', { secret: Buffer.alloc(31) }, 'secret', 'it has 31 bytes, too few to resist guessing', A_SECRET],
    ['a bad duration', { accessTtl: '5 minutes' }, 'accessTtl', '"5 minutes" is not a valid duration', A_DURATION],
    ['a negative duration', { refreshTtl: -1 }, 'refreshTtl', '-1 is not a valid duration', A_DURATION],
    [
      'a bad duration of purge',
      { purge: { every: 'often' } },
      'purge.every',
      '"often" is not a valid duration',
      A_DURATION,
    ],
    ['no life for an access token', { accessTtl: 0 }, 'accessTtl', 'it is zero', 'Give a length of time'],
    ['no life for a refresh token', { refreshTtl: '0d' }, 'refreshTtl', 'it is zero', 'Give a length of time'],
    ['no life for a session', { absoluteTimeout: 0 }, 'absoluteTimeout', 'it is zero', 'Give a length of time'],
    ['no time to be idle', { idleTimeout: 0 }, 'idleTimeout', 'it is zero', 'Give a length of time'],
    ['a purge without a pause', { purge: { every: 0 } }, 'purge.every', 'it is zero', 'Give a length of time'],
    [
      'an access token of a fraction of a second',
      { accessTtl: 1500 },
      'accessTtl',
      'tokens count in whole seconds',
      "Give whole seconds, such as '5m'",
    ],
    [
      'an access token that outlives the refresh token',
      { accessTtl: '2h', refreshTtl: '1h' },
      'accessTtl',
      'it is longer than `refreshTtl`',
      'Make it shorter',
    ],
    [
      'a refresh token that outlives its session',
      { refreshTtl: '2d', absoluteTimeout: '1d' },
      'refreshTtl',
      'it is longer than `absoluteTimeout`',
      'Make it shorter, or `absoluteTimeout` longer',
    ],
    [
      'an idle limit that outlives the session',
      { idleTimeout: '2d', absoluteTimeout: '1d' },
      'idleTimeout',
      'it is longer than `absoluteTimeout`',
      'Make it shorter',
    ],
    [
      'an idle limit no touch can keep up with',
      { idleTimeout: '60s', touchInterval: '60s' },
      'idleTimeout',
      'it is not longer than `touchInterval`, so an active session could count as idle',
      'Make it longer, or `touchInterval` shorter',
    ],
    [
      'a reuse interval of over a minute',
      { reuseInterval: '61s' },
      'reuseInterval',
      'it is longer than a minute',
      "Use '60s' or less",
    ],
    [
      'a question nobody answers on each request',
      { checkUser: 'request' },
      'checkUser',
      "'request' calls `users.isActive`, but there is no `users`",
      'Give `users`, or leave `checkUser` out',
    ],
    [
      'a time to ask for the user that is none',
      { checkUser: 'always' },
      'checkUser',
      "'always' is not one of its values",
      'Use renewal or request',
    ],
    ['a rule that is none', { whenFull: 'wait' }, 'whenFull', "'wait' is not one of its values", 'Use evict or reject'],
    [
      'no session at all',
      { maxSessions: 0 },
      'maxSessions',
      '0 is not a valid count',
      'Give a whole number of at least 1',
    ],
    [
      'half a session',
      { maxSessions: 1.5 },
      'maxSessions',
      '1.5 is not a valid count',
      'Give a whole number of at least 1',
    ],
    [
      'an empty batch',
      { purge: { batch: 0 } },
      'purge.batch',
      '0 is not a valid count',
      'Give a whole number from 1 to 10000',
    ],
    [
      'a batch too big',
      { purge: { batch: 10001 } },
      'purge.batch',
      '10001 is not a valid count',
      'Give a whole number from 1 to 10000',
    ],
    ['an empty issuer', { issuer: '' }, 'issuer', 'it is not a text, or it is empty', 'Give a name or a URL'],
    [
      'an audience that is no text',
      { audience: 7 },
      'audience',
      'it is not a text, or it is empty',
      'Give a name or a URL',
    ],
    [
      'a migration of a store that is no database',
      { migrate: true },
      'migrate',
      'there is a `store` too, but sessions can only be kept in one place',
      'Leave one out',
    ],
    ['a secret that is a number', { secret: 42 }, 'secret', 'it is neither text nor a Buffer', A_SECRET],
    ['an object that is not a clock', { clock: {} }, 'clock', 'it has no method `now`', 'Extend `Clock`'],
    [
      'claims that are no function',
      { claims: { role: 'editor' } },
      'claims',
      'it is not a function',
      'Give a function from your user to an object',
    ],
    ['no purge at all, said wrongly', { purge: null }, 'purge', 'null is not an object', 'Give an object'],
    [
      'a way to be full without a limit',
      { whenFull: 'reject' },
      'whenFull',
      'there is no `maxSessions`, so nothing is ever full',
      'Give `maxSessions`, or leave `whenFull` out',
    ],
    [
      'a transport that is none',
      { transport: 'cookies' },
      'transport',
      "'cookies' is not one of its values",
      'Use bearer or cookie or both',
    ],
    [
      'an option of cookies there is not',
      { transport: 'cookie', cookies: { samesite: 'lax' } },
      'cookies.samesite',
      'there is no such option',
      'Known options: access, sameSite, origins, prefix, secure',
    ],
    [
      'cookies that are never set',
      { cookies: { access: true } },
      'cookies',
      "`transport` is 'bearer', so no cookie is ever set",
      "Set `transport` to 'cookie' or 'both', or leave `cookies` out",
    ],
    [
      'cookies that are none',
      { transport: 'both', cookies: true },
      'cookies',
      'true is not an object',
      'Give an object',
    ],
    [
      'cookies for other sites',
      { transport: 'both', cookies: { sameSite: 'none' } },
      'cookies.sameSite',
      "'none' is not one of its values",
      'Use strict or lax',
    ],
    [
      'an access cookie that is neither set nor not',
      { transport: 'both', cookies: { access: 'yes' } },
      'cookies.access',
      "'yes' is neither true nor false",
      'Use true or false',
    ],
    [
      'an origin with a path',
      { transport: 'cookie', cookies: { origins: ['https://a.example', 'https://b.example/'] } },
      'cookies.origins',
      "'https://b.example/' is not a valid origin",
      "Write 'https://b.example', as a browser sends it",
    ],
  ])('over %s', async (_, options, option, problem, mend) => {
    expectNamed(await refusal(untyped(options)), option, problem, mend);
  });
});
