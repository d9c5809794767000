import { type CutoffColumn, resolveColumn } from './cutoff-column-option.js';
import { type NearCopyOptions, type NearCopyUse, resolveNearCopy } from './near-copy-options.js';
import { refuseUnknown, text } from './option-readers.js';
import { mediumOr, type RevocationMedium } from './revocation-medium.js';

/**
 * What the guard reads on a request: the session's row (`session`), entries about what was ended (`denylist`), the
 * user's cutoff (`validTokenFrom`), or nothing but the token (`expiry`).
 */
export type CheckKind = 'session' | 'denylist' | 'validTokenFrom' | 'expiry';

/** The kinds of check, as a list. */
export const CHECK_KINDS: readonly CheckKind[] = ['session', 'denylist', 'validTokenFrom', 'expiry'];

/**
 * The app's own checks by name, empty until the app adds to it, so that the compiler knows the names:
 * `declare module 'nestjs-session-registry' { interface OwnChecks { tenant: true } }`.
 */
export interface OwnChecks {}

/** The name of a check: a kind of this library, or one of the app's own. */
export type CheckName = CheckKind | Extract<keyof OwnChecks, string>;

/** How a revoked token is detected. Renewals are always checked against the session's row. */
export interface RevocationOptions {
  /**
   * The check on every request; a route may use another one by `@RevocationCheck`.
   * @default 'session'
   */
  check?: CheckName;
  /**
   * Where entries about ended sessions are kept, for the check `denylist`. Entries are made if that is the check, or if
   * this option is set for the sake of single routes. `memory` covers one process and is lost when it restarts; a
   * `SessionRedis` covers all processes, and survives restarts if the server is set up for that.
   * @default 'database'; 'memory' with a `store` of the app
   */
  denylist?: 'database' | 'memory' | RevocationMedium;
  /**
   * Where the check `session` reads instead of the primary database: a `SessionRedis`. Equally strict. Give it to every
   * process that uses the database, or to none.
   */
  hotCopy?: RevocationMedium;
  /**
   * Copies in the process itself: the fastest check, but late by the time a message takes. A route with
   * `@RevocationCheck('session')` does not use them. Off by default.
   */
  nearCopy?: NearCopyOptions;
  /**
   * A further place, besides `session_cutoffs`, from which `validTokenFrom` reads a user's cutoff and to which cutoffs
   * are written.
   * @default none
   */
  column?: CutoffColumn;
}

/** How a revoked token is detected, with every default. */
export interface RevocationUse {
  readonly check: CheckName;
  readonly denylist: 'database' | 'memory' | RevocationMedium | undefined;
  /** Whether entries of the denylist are made. */
  readonly denies: boolean;
  readonly hotCopy: RevocationMedium | undefined;
  readonly nearCopy: NearCopyUse | undefined;
  readonly column: Readonly<CutoffColumn> | undefined;
}

const KNOWN: Record<keyof RevocationOptions, true> = {
  check: true,
  denylist: true,
  column: true,
  hotCopy: true,
  nearCopy: true,
};
/** How a revoked token is detected, validated and with defaults. Throws ConfigurationError. */
export function resolveRevocation(given: RevocationOptions = {}): RevocationUse {
  refuseUnknown('revocation.', given, KNOWN);
  const check = text('revocation.check', given.check ?? 'session') as CheckName;
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
