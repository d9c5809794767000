import fc, { type Arbitrary } from 'fast-check';
import { ACCESS, REFRESH } from '../../support/browser.js';
import { bearer, getProfile, post, write } from '../support/request.js';
import type { Range, Shot } from './range.js';
import { bytes, mutated, tokenLike } from './texts.js';

/** What a header cannot hold without being taken for more or for less than one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BREAKS = /[\u0000-\u0008\u000a-\u001f\u007f]/;

type Way = (token: string) => Omit<Shot, 'due'>;

const ACCESS_WAYS: readonly Way[] = [
  (token) => inHeader('bearer', getProfile(bearer(token)), token),
  (token) => inHeader('bearer', write({ path: '/sessions', headers: [bearer(token)] }), token),
  (token) => inHeader('bearer', write({ method: 'POST', path: '/auth/logout', headers: [bearer(token)] }), token),
  (token) => inHeader('cookie', getProfile(`Cookie: ${ACCESS}=${token}`), token),
];
const REFRESH_WAYS: readonly Way[] = [
  (token) => ({ app: 'bearer', bytes: post('/auth/refresh', { refresh_token: token }) }),
  (token) => ({ app: 'bearer', bytes: post('/auth/logout', { refresh_token: token }) }),
  (token) =>
    inHeader(
      'cookie',
      write({ method: 'POST', path: '/auth/refresh', headers: [`Cookie: ${REFRESH}=${token}`] }),
      token,
    ),
];

/** Tokens that are nearly good, in every way a token comes. */
export function tokens({ victims }: Range): Arbitrary<Shot> {
  const { bearer: one, cookie: other } = victims;
  const [access, refresh] = [one, other]
    .map(({ pair }) => pair)
    .reduce<[string[], string[]]>(
      ([accesses, refreshes], pair) => [
        [...accesses, pair.access_token],
        [...refreshes, pair.refresh_token],
      ],
      [[], []],
    );
  const like = tokenLike([...access, ...refresh]);
  const way = fc.constantFrom(...ACCESS_WAYS, ...REFRESH_WAYS);
  // What came out good again says nothing here; the frames around a good one are below.
  const bad = like.map((token) => (isGood([...access, ...refresh], token) ? 'good' : token));
  return fc.tuple(way, bad).map(([carry, token]) => carry(token));
}

/** Authorization headers of any bytes, around good tokens and bad ones, one or several. */
export function headers({ victims, thief }: Range): Arbitrary<Shot> {
  const good = victims.bearer.pair.access_token;
  const token = fc.oneof(fc.constant(good), mutated(good), fc.constant(thief.pair.refresh_token));
  const scheme = fc.constantFrom(
    'Bearer',
    'bearer',
    'BEARER',
    'Basic',
    'Bearer Bearer',
    'Bearer,',
    '',
    'DPoP',
    'Béarer',
  );
  const space = fc.constantFrom(' ', '  ', '\t', '', '\u00a0', ' \t', ' "', ', ', '=', '\r\n ', '\u000b', '\u0085');
  const name = fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION', 'Authorization ', 'X-Authorization');
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(scheme, space, token, space).map((parts) => parts.join('')) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(scheme, space, token)
        .map((parts) => parts.join(''))
        .chain(mutated),
    },
    { weight: 1, arbitrary: bytes },
  );
  const line = fc.tuple(name, fc.constantFrom(':', ': ', ':\t', ' :'), value).map((parts) => parts.join(''));
  const any = fc.oneof(line, fc.constant(bearer(good)), fc.constant('authorization: Basic YTph'));
  return fc.array(any, { minLength: 1, maxLength: 2 }).map((lines) => ({
    ...{ app: 'bearer', alone: true, bytes: getProfile('Connection: close', ...lines) },
    due: () => authorizes(lines, good),
  }));
}

/** Cookie headers of any bytes, with an Authorization header beside them or without, where cookies count and where not. */
export function cookies({ victims }: Range): Arbitrary<Shot> {
  return fc.constantFrom('cookie' as const, 'cookie' as const, 'bearer' as const).chain((app) => {
    const good = victims[app].pair.access_token;
    const beside = fc.constantFrom(undefined, undefined, undefined, good, 'x');
    return fc.tuple(cookieText(good), beside).map(([cookie, header]) => {
      const lines = [`Cookie: ${cookie}`, ...(header ? [bearer(header)] : [])];
      const due = () =>
        header === undefined
          ? app === 'cookie' && holds(cookie, good)
          : header === good && !(app === 'cookie' && names(cookie));
      return { ...inHeader(app, getProfile(...lines), cookie), due };
    });
  });
}

function cookieText(good: string): Arbitrary<string> {
  const name = fc.constantFrom(
    ACCESS,
    ACCESS,
    ACCESS,
    REFRESH,
    ACCESS.toLowerCase(),
    'access_token',
    `x${ACCESS}`,
    '',
    '__proto__',
  );
  const token = fc.oneof({ weight: 4, arbitrary: fc.constant(good) }, mutated(good), bytes, fc.constant(''));
  const frame = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    fc.constantFrom(' ', '"', '\t', '\u00a0', '%20', ',', '='),
  );
  const equals = fc.oneof({ weight: 6, arbitrary: fc.constant('=') }, fc.constantFrom('==', '', ' = '));
  const pair = fc.tuple(frame, name, equals, frame, token, frame).map((parts) => parts.join(''));
  const between = fc.constantFrom(';', '; ', '; ', ';;', ',', ' ');
  return fc.tuple(fc.array(pair, { minLength: 1, maxLength: 3 }), between).map(([pairs, sign]) => pairs.join(sign));
}

function inHeader(app: Shot['app'], request: Buffer, text: string): Omit<Shot, 'due'> {
  return { app, bytes: request, alone: BREAKS.test(text) };
}

/** A header's value loses the spaces around it, and nothing else may be lost. */
function isGood(good: readonly string[], token: string): boolean {
  return good.includes(token.replace(/^[ \t]+|[ \t]+$/g, ''));
}

/** The rule of RFC 6750 section 2.1, written down a second time. */
function authorizes(lines: readonly string[], good: string): boolean {
  const given = lines
    .join('\r\n')
    .split('\r\n')
    .filter((line) => /^authorization:/i.test(line));
  const value = given[0]?.slice('authorization:'.length).replace(/^[ \t]+|[ \t]+$/g, '') ?? '';
  const [, token] = /^bearer +(.*)$/i.exec(value) ?? [];
  return given.length === 1 && token === good;
}

/** Exactly one cookie of the name, and the token in it as it is. */
function holds(cookie: string, good: string): boolean {
  const named = valuesOf(cookie);
  return named.length === 1 && named[0] === good;
}

/** Whether a cookie of the name is there, with anything in it. */
function names(cookie: string): boolean {
  return valuesOf(cookie).some((value, _, { length }) => value !== '' || length > 1);
}

function valuesOf(cookie: string): string[] {
  const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');
  return cookie
    .split(';')
    .filter((pair) => pair.includes('='))
    .map((pair) => [trim(pair.slice(0, pair.indexOf('='))), trim(pair.slice(pair.indexOf('=') + 1))] as const)
    .filter(([name]) => name === ACCESS)
    .map(([, value]) => value);
}
