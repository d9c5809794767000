import type { Type } from '@nestjs/common';
import type { Clock } from '../clock.js';
import type { ClientRecord } from './client-options.js';
import type { PurgeSchedule } from './purge-options.js';
import type { RevocationMedium } from './revocation-medium.js';
import type { RevocationUse } from './revocation-options.js';
import type { SessionLimits } from './session-options.js';
import type { StorageOptions } from './storage-options.js';
import type { SuspicionLimits } from './suspicion-options.js';
import type { TokenOptions, TokenSettings } from './token-options.js';
import type { TransportOptions } from './transport-options.js';
import type { AuthUsers, UserSettings } from './users.js';

/** All options, validated, with defaults and frozen. Inject it by this class. */
export abstract class ResolvedAuthOptions {
  /** The name of the module; undefined for one without. */
  abstract readonly realm: string | undefined;
  abstract readonly clock: Clock;
  abstract readonly tokens: TokenOptions;
  abstract readonly sessions: SessionLimits;
  abstract readonly storage: StorageOptions;
  /** Whether the process may be frozen after any answer. */
  abstract readonly serverless: boolean;
  abstract readonly purge: PurgeSchedule;
  abstract readonly record: ClientRecord;
  /** null if suspicion is off. */
  abstract readonly suspicion: SuspicionLimits | null;
  abstract readonly revocation: RevocationUse;
  /** What tells the other processes of changes, for live updates. */
  abstract readonly messages: 'database' | RevocationMedium;
  abstract readonly transport: TransportOptions;
  abstract readonly users: Type<AuthUsers> | undefined;
  abstract readonly loginBody: UserSettings['loginBody'];
  abstract readonly checkUser: 'renewal' | 'request';
  abstract readonly claims: TokenSettings['claims'];
  /** How long writing and closing everything may take, in milliseconds. */
  abstract readonly shutdownTimeout: number;
}
