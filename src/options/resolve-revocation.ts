import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import type { CheckKind, NearCopyOptions, RevocationOptions } from './revocation-options.js';
import { parseDuration } from './duration.js';
import { count, oneOf, positive, refuseUnknown } from './option-readers.js';
import { resolveColumn } from './resolve-column.js';
import type { NearCopyUse, ResolvedAuthOptions } from './resolved-auth-options.js';
import { RevocationMedium } from './revocation-medium.js';

const KNOWN: Record<keyof RevocationOptions, true> = {
  check: true,
  denylist: true,
  column: true,
  hotCopy: true,
  nearCopy: true,
};
const KNOWN_NEAR_COPY: Record<keyof NearCopyOptions, true> = { over: true, maxAge: true, size: true };
const CHECK_KINDS: readonly CheckKind[] = ['session', 'denylist', 'validTokenFrom', 'expiry'];
const LONGEST_AGE = parseDuration('revocation.nearCopy.maxAge', '60s');

/** How a token that was taken back is noticed, checked and filled in. Throws ConfigurationError. */
export function resolveRevocation(given: RevocationOptions = {}): ResolvedAuthOptions['revocation'] {
  refuseUnknown('revocation.', given, KNOWN);
  const check = oneOf('revocation.check', given.check ?? 'session', CHECK_KINDS);
  const { denylist, hotCopy, nearCopy } = given;
  return Object.freeze({
    check,
    denylist: denylist === undefined ? undefined : mediumOr('revocation.denylist', denylist, ['database', 'memory']),
    denies: check === 'denylist' || denylist !== undefined,
    column: resolveColumn(given.column),
    hotCopy: hotCopy === undefined ? undefined : mediumOr('revocation.hotCopy', hotCopy, []),
    nearCopy: nearCopy === undefined ? undefined : resolveNearCopy(nearCopy, check),
  });
}

function resolveNearCopy(given: NearCopyOptions, check: CheckKind): NearCopyUse {
  refuseUnknown('revocation.nearCopy.', given, KNOWN_NEAR_COPY);
  const maxAge = positive('revocation.nearCopy.maxAge', given.maxAge ?? '5s');
  if (maxAge > LONGEST_AGE)
    throw new ConfigurationError('revocation.nearCopy.maxAge', 'it is longer than a minute', "Use '60s' or less");
  if (check !== 'session') {
    const problem = `it stands in for the check 'session', and \`revocation.check\` is '${check}'`;
    throw new ConfigurationError('revocation.nearCopy', problem, 'Leave one of the two out');
  }
  return Object.freeze({
    over: mediumOr('revocation.nearCopy.over', given.over, ['database']),
    maxAge,
    size: count('revocation.nearCopy.size', given.size ?? 10_000),
  });
}

function mediumOr<T extends string>(option: string, given: unknown, names: readonly T[]): T | RevocationMedium {
  if (given instanceof RevocationMedium || names.includes(given as T)) return given as T | RevocationMedium;
  const known = [...names.map((name) => `'${name}'`), '`new SessionRedis({ url })` of nestjs-session-registry/redis'];
  throw new ConfigurationError(option, `${inspect(given, { depth: 0 })} is not known`, `Give ${known.join(', or ')}`);
}
