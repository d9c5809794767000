import { ConfigurationError } from '../errors.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { parseDuration } from './duration.js';
import { type BodySchema, isSchema } from './login-body.js';
import type { SessionLimits } from './session-options.js';
import type { TokenOptions } from './token-options.js';

/** Whether the rule is broken, the option to name, what is wrong, and how to correct it. */
type Rule = readonly [broken: boolean, option: string, problem: string, mend: string];

const MAX_REUSE_INTERVAL = parseDuration('reuseInterval', '60s');

/** Refuses options of the wrong kind, and options that contradict each other. */
export function refuseContradictions(given: AuthModuleOptions, tokens: TokenOptions, sessions: SessionLimits): void {
  const rules = [...shapeRules(given), ...timeRules(tokens, sessions), ...pairRules(given, sessions)];
  for (const [broken, option, problem, mend] of rules) {
    if (broken) throw new ConfigurationError(option, problem, mend);
  }
}

function shapeRules({ users, clock, claims, loginBody }: AuthModuleOptions): Rule[] {
  const isNot = (type: string, value: unknown) => value !== undefined && typeof value !== type;
  const isNoForm =
    isNot('function', loginBody) && (typeof loginBody !== 'object' || !isSchema((loginBody ?? {}) as BodySchema));
  const form = 'Give a class with decorators of class-validator, or a schema such as `z.object({ … })`';
  return [
    [isNot('function', users), 'users', 'it is not a class', 'Give the class itself, without `new`'],
    [clock !== undefined && isNot('function', clock.now ?? null), 'clock', 'it has no method `now`', 'Extend `Clock`'],
    [isNoForm, 'loginBody', 'it is neither a class nor a schema', form],
    [isNot('function', claims), 'claims', 'it is not a function', 'Give a function from your user to an object'],
  ];
}

function timeRules({ accessTtl, refreshTtl }: TokenOptions, sessions: SessionLimits): Rule[] {
  const { absoluteTimeout, idleTimeout, reuseInterval, touchInterval } = sessions;
  const touchedTooLate = idleTimeout !== null && idleTimeout <= touchInterval;
  const tooLate = 'it is not longer than `touchInterval`, so an active session could count as idle';
  return [
    [accessTtl > refreshTtl, 'accessTtl', 'it is longer than `refreshTtl`', 'Make it shorter'],
    [
      refreshTtl > absoluteTimeout,
      'refreshTtl',
      'it is longer than `absoluteTimeout`',
      'Make it shorter, or `absoluteTimeout` longer',
    ],
    [(idleTimeout ?? 0) > absoluteTimeout, 'idleTimeout', 'it is longer than `absoluteTimeout`', 'Make it shorter'],
    [touchedTooLate, 'idleTimeout', tooLate, 'Make it longer, or `touchInterval` shorter'],
    [reuseInterval > MAX_REUSE_INTERVAL, 'reuseInterval', 'it is longer than a minute', "Use '60s' or less"],
  ];
}

function pairRules(given: AuthModuleOptions, { maxSessions }: SessionLimits): Rule[] {
  const { users, checkUser, loginBody, whenFull, cookies, transport = 'bearer' } = given;
  const asksNobody = checkUser === 'request' && !users;
  const nobody = "'request' calls `users.isActive`, but there is no `users`";
  const neverFull = whenFull !== undefined && maxSessions === null;
  const never = 'there is no `maxSessions`, so nothing is ever full';
  const noCookies = cookies !== undefined && transport === 'bearer';
  const bearer = "`transport` is 'bearer', so no cookie is ever set";
  const readsNone = loginBody !== undefined && !users;
  const none = '`POST /auth/login` passes it to `users`, and there is no `users`';
  return [
    [readsNone, 'loginBody', none, 'Give `users`, or leave `loginBody` out'],
    [asksNobody, 'checkUser', nobody, 'Give `users`, or leave `checkUser` out'],
    [neverFull, 'whenFull', never, 'Give `maxSessions`, or leave `whenFull` out'],
    [noCookies, 'cookies', bearer, "Set `transport` to 'cookie' or 'both', or leave `cookies` out"],
  ];
}
