import type { Clock } from '../clock.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import type { CheckKind, CutoffColumn } from './revocation-options.js';
import type { KeyMaterial } from './keys/key-option.js';
import type { RevocationMedium } from './revocation-medium.js';

/** Lifetimes and limits of a session; all times in milliseconds. */
export interface SessionLimits {
  readonly absoluteTimeout: number;
  readonly idleTimeout: number | null;
  readonly reuseInterval: number;
  readonly touchInterval: number;
  readonly maxSessions: number | null;
  readonly whenFull: 'evict' | 'reject';
}

/** What the token layer needs to know; all times in milliseconds. */
export interface TokenOptions {
  readonly keys: readonly KeyMaterial[];
  readonly issuer: string;
  readonly audience: string;
  readonly accessTtl: number;
  readonly refreshTtl: number;
}

/** How tokens travel between client and server. */
export interface TransportOptions {
  readonly kind: 'bearer' | 'cookie' | 'both';
  readonly access: boolean;
  readonly sameSite: 'strict' | 'lax';
  readonly origins: readonly string[];
}

/** When and how dead rows are deleted; all times in milliseconds. `every` is null where the app purges itself. */
export interface PurgeSchedule {
  readonly every: number | null;
  readonly batch: number;
  readonly retention: number;
}

/** Copies in the process; the time in milliseconds. */
export interface NearCopyUse {
  readonly over: 'database' | RevocationMedium;
  readonly maxAge: number;
  readonly size: number;
}

/** What is kept of a client. */
export interface ClientRecord {
  readonly ip: boolean;
  readonly userAgent: boolean;
}

/** How many rotations in a row two clients may share; null where that evidence does not count. */
export interface SuspicionLimits {
  readonly devices: number;
  readonly networks: number | null;
}

/** All options, checked, filled in and frozen. Inject it by this class. */
export abstract class ResolvedAuthOptions {
  abstract readonly clock: Clock;
  abstract readonly tokens: TokenOptions;
  abstract readonly sessions: SessionLimits;
  abstract readonly purge: PurgeSchedule;
  abstract readonly record: ClientRecord;
  /** null where nobody looks. */
  abstract readonly suspicion: SuspicionLimits | null;
  abstract readonly revocation: {
    readonly check: CheckKind;
    readonly denylist: 'database' | 'memory' | RevocationMedium | undefined;
    /** Whether entries of the denylist are made. */
    readonly denies: boolean;
    readonly hotCopy: RevocationMedium | undefined;
    readonly nearCopy: NearCopyUse | undefined;
    readonly column: Readonly<CutoffColumn> | undefined;
  };
  abstract readonly checkUser: 'renewal' | 'request';
  abstract readonly users: AuthModuleOptions['users'];
  abstract readonly transport: TransportOptions;
  abstract readonly claims: AuthModuleOptions['claims'];
  abstract readonly database: AuthModuleOptions['database'];
  abstract readonly migrate: boolean | undefined;
  /** How long one request may wait for the database, in milliseconds. */
  abstract readonly storeTimeout: number;
  /** How long letting go of everything may take, in milliseconds. */
  abstract readonly shutdownTimeout: number;
}
