export { type ActiveSession, AuthService, type LoginOptions } from './auth/auth.service.js';
export type { AuthRequest } from './auth/request-info.js';
export { AuthModule } from './module/auth.module.js';
export type { AuthModuleExtras, ControllerName } from './module/definition.js';
export type { Form } from './module/forms.js';
export { Clock, SystemClock } from './clock.js';
export { AuthError, type AuthErrorCode, ConfigurationError, type RefusalReason } from './errors.js';
export { type FeedChannel, type FeedConnection, type FeedListener, MessageFeed } from './events/message-feed.js';
export {
  type EventClient,
  type SessionEventMap,
  type SessionEventName,
  SessionEvents,
  type SessionListener,
} from './events/session-events.js';
export { type FaultKind, type Faults, UNHEARD } from './faults/faults.js';
export { AuthExceptionFilter } from './http/auth-exception.filter.js';
export { CurrentSession } from './http/current-session.decorator.js';
export { type GuardedRequest, JwtSessionGuard } from './http/jwt-session.guard.js';
export { OptionalSession, type OptionalSessionOptions } from './http/optional-session.decorator.js';
export { Public } from './http/public.decorator.js';
export { RevocationCheck } from './http/revocation-check.decorator.js';
export { type PresentedToken, SessionTransport, type TokenWay } from './http/transport/session-transport.js';
export { inRealm } from './realm/in-realm.js';
export type { HexId, UserId } from './id-rules.js';
export { LiveSessions } from './live/live-sessions.js';
export type { LiveNews } from './live/session-news.js';
export type { NewsListener } from './live/watched-user.js';
export type { AuthModuleOptions, AuthOptionsFactory } from './options/auth-module-options.js';
export type { BodyForm, BodySchema, SchemaResult } from './options/login-body.js';
export type { CustomClaims, SessionClaims } from './options/session-claims.js';
export type { CookieOptions } from './options/transport-options.js';
export type { PurgeOptions } from './options/purge-options.js';
export type { CutoffColumn } from './options/cutoff-column-option.js';
export type { NearCopyOptions } from './options/near-copy-options.js';
export type { CheckKind, CheckName, OwnChecks, RevocationOptions } from './options/revocation-options.js';
export type { DriverPool } from './options/driver-pool.js';
export type { Duration } from './options/duration.js';
export type { KeyAlgorithm, KeyInput, KeyOption, KeyUse } from './options/keys/key-option.js';
export { RevocationMedium } from './options/revocation-medium.js';
export type { TableOptions } from './options/tables-option.js';
export type { SuspicionOptions } from './options/suspicion-options.js';
export type { AuthUser, AuthUsers } from './options/users.js';
export { CopyLedger, type LedgerEntry, NO_EDITION } from './copies/copy-ledger.js';
export type { DelaySummary } from './copies/delay-record.js';
export type { NearCopyMetrics } from './copies/near-copies.js';
export { type FoundCopy, SessionCopies, type Stale } from './copies/session-copies.js';
export { SharedMedium } from './copies/shared-medium.js';
export { RevocationMetrics } from './copies/revocation-metrics.js';
export { type Denial, Denylist } from './revocation/denylist.js';
export { TokenCheck, type Verdict } from './revocation/token-check.js';
export type { TokenClaims } from './tokens/claims.js';
export type { ClientInfo } from './sessions/client-info.js';
export type { Companion } from './sessions/companion.js';
export type { CredentialsChange } from './sessions/credentials-change.js';
export type { NamedSession } from './sessions/named-session.js';
export { networkOf } from './sessions/network.js';
export {
  endOf,
  generationOf,
  type Session,
  type SessionEnd,
  type SessionState,
  type Suspicion,
} from './sessions/session.js';
export type { SessionLimits } from './options/session-options.js';
export { type PassedStep, SignInSteps, type StepToIssue, type StepToken } from './second-factor/sign-in-steps.js';
export { type RevokeOptions, SessionRegistry, type SignIn } from './sessions/session-registry.js';
export type { SessionResult } from './sessions/session-result.js';
export { isNoMoreActive } from './sessions/activity.js';
export { ALL_CUT_OFF, type CutoffMark, isCutOff, laterMark, NO_CUTOFF } from './sessions/cutoff.js';
export {
  type Activity,
  type BatchOutcome,
  type Cutoff,
  type Ending,
  type EndOutcome,
  type ListPage,
  type Opened,
  type OpenOutcome,
  type OpenRules,
  type Place,
  type PurgeOutcome,
  type PurgeRound,
  type Rotation,
  type SessionEnding,
  type SessionKey,
  SessionStore,
  type StoredCutoff,
  type Touch,
  type TouchRound,
  type Walk,
} from './sessions/session-store.js';
export { MemorySessionStore } from './storage/memory/memory-session.store.js';
export { type SchemaSqlOptions, sessionSchemaSql } from './storage/sql/migrations/schema-sql.js';
export type { SqlExecutor } from './storage/sql/sql-database.js';
export type { SqlRow, SqlValue } from './storage/sql/sql-value.js';
export { CopyEditionEntity } from './storage/typeorm/copy-edition.entity.js';
export { SessionCutoffEntity, SessionTicketEntity } from './storage/typeorm/cutoff.entities.js';
export {
  sessionEntities,
  sessionEntitiesOf,
  sessionMigrations,
  sessionMigrationsOf,
} from './storage/typeorm/migrate.js';
export { SessionRunEntity } from './storage/typeorm/run.entity.js';
export { SessionEntity } from './storage/typeorm/session.entity.js';
export type {
  ClientView,
  DeviceType,
  DeviceView,
  EndedSessionView,
  EndReason,
  SessionStreamEvents,
  SessionView,
  SuspicionView,
  TokenPair,
  TokenResponse,
} from './wire.js';
