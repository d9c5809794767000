import { Logger, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AuthService } from '../auth/auth.service.js';
import { TokenIssuer } from '../auth/token-issuer.js';
import { UserDirectory } from '../auth/user-directory.js';
import { AUTH_MODULE_EXTRAS, type AuthModuleExtras, MODULE_OPTIONS_TOKEN } from './definition.js';
import { revocation } from './revocation.providers.js';
import { suspicion } from './suspicion.providers.js';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { ClockWatch } from '../faults/clock-watch.js';
import { FaultLog } from '../faults/fault-log.js';
import { AuthExceptionFilter } from '../http/auth-exception.filter.js';
import { JwtSessionGuard } from '../http/jwt-session.guard.js';
import { JwtSessionStrategy } from '../http/jwt-session.strategy.js';
import { Refusals } from '../http/refusals.js';
import { RouteRules } from '../http/route-rules.js';
import { EventStreams } from '../http/stream/event-streams.js';
import { SessionTransport } from '../http/transport/session-transport.js';
import { LiveSessions } from '../live/live-sessions.js';
import { resolveOptions } from '../options/resolve-options.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationChecks } from '../revocation/revocation-checks.js';
import { RevocationMetrics } from '../copies/revocation-metrics.js';
import { PurgeTimer } from '../sessions/purge-timer.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import { SessionStore } from '../sessions/session-store.js';
import { OpenedStore, openStore } from './open-store.js';
import { CrossingWatch } from '../suspicion/crossing-watch.js';
import { KeySet } from '../tokens/key-set.js';
import { TokenSigner } from '../tokens/token-signer.js';
import { TokenVerifier } from '../tokens/token-verifier.js';

const logger = new Logger('AuthModule');

function weakServer(setting: string): string {
  return (
    `The database server may lose sign-outs that were acknowledged when it is killed or loses power (${setting}). ` +
    'Set it to its default; see docs/databases.md.'
  );
}

const foundation: Provider[] = [
  { provide: ResolvedAuthOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveOptions },
  { provide: Clock, inject: [ResolvedAuthOptions], useFactory: ({ clock }: ResolvedAuthOptions) => clock },
  {
    provide: FaultLog,
    inject: [Clock],
    useFactory: (clock: Clock) => new FaultLog((level, line) => logger[level](line), clock),
  },
  {
    provide: SessionEvents,
    inject: [FaultLog],
    useFactory: (faults: FaultLog) =>
      new SessionEvents((name, error) => faults.failed('listener', error, `a listener of '${name}'`)),
  },
];

const tokens: Provider[] = [
  {
    provide: KeySet,
    inject: [ResolvedAuthOptions],
    useFactory: (options: ResolvedAuthOptions) => new KeySet(options.tokens.keys),
  },
  {
    provide: TokenSigner,
    inject: [ResolvedAuthOptions, KeySet],
    useFactory: (options: ResolvedAuthOptions, keys: KeySet) => new TokenSigner(options.tokens, keys),
  },
  {
    provide: TokenVerifier,
    inject: [ResolvedAuthOptions, KeySet],
    useFactory: (options: ResolvedAuthOptions, keys: KeySet) => new TokenVerifier(options.tokens, keys),
  },
];

const sessions: Provider[] = [
  {
    provide: OpenedStore,
    inject: [ResolvedAuthOptions, AUTH_MODULE_EXTRAS, { token: DataSource, optional: true }],
    useFactory: async (
      { storage, revocation: { column } }: ResolvedAuthOptions,
      { store }: AuthModuleExtras,
      ofApp?: DataSource,
    ) => {
      const { database, migrate, storeTimeout: timeout } = storage;
      const opened = await openStore({ store, ofApp, database, migrate, column, timeout });
      if (opened.parts?.weakness) logger.warn(weakServer(opened.parts.weakness));
      return opened;
    },
  },
  {
    provide: SessionRegistry,
    inject: [SessionStore, ResolvedAuthOptions, Clock, SessionEvents, { token: CrossingWatch, optional: true }],
    useFactory: (...parts: ConstructorParameters<typeof SessionRegistry>) => new SessionRegistry(...parts),
  },
  {
    provide: PurgeTimer,
    inject: [SessionRegistry, ResolvedAuthOptions, FaultLog],
    useFactory: (registry: SessionRegistry, { purge }: ResolvedAuthOptions, faults: FaultLog) =>
      new PurgeTimer(registry, purge, faults),
  },
  {
    provide: ClockWatch,
    inject: [OpenedStore, Clock, FaultLog],
    useFactory: ({ parts }: OpenedStore, clock: Clock, faults: FaultLog) => new ClockWatch(parts?.time, clock, faults),
  },
];

const live: Provider[] = [
  {
    provide: LiveSessions,
    inject: [SessionStore, ResolvedAuthOptions, Clock, SessionEvents, OpenedStore, FaultLog],
    useFactory: (
      store: SessionStore,
      { sessions: limits }: ResolvedAuthOptions,
      clock: Clock,
      events: SessionEvents,
      { parts }: OpenedStore,
      faults: FaultLog,
    ) => {
      const feed = parts?.feed?.('session_changes').toldTo(faults, 'liveFeed');
      return new LiveSessions(store, limits, clock, events, feed);
    },
  },
];

const services: Provider[] = [
  { provide: UserDirectory, inject: [FaultLog], useFactory: (faults: FaultLog) => new UserDirectory(faults) },
  {
    provide: TokenIssuer,
    inject: [TokenSigner, Clock],
    useFactory: (signer: TokenSigner, clock: Clock) => new TokenIssuer(signer, clock),
  },
  {
    provide: AuthService,
    inject: [SessionRegistry, TokenVerifier, TokenIssuer, RevocationChecks, UserDirectory, ResolvedAuthOptions, Clock],
    useFactory: (...parts: ConstructorParameters<typeof AuthService>) => new AuthService(...parts),
  },
];

const http: Provider[] = [
  Refusals,
  RouteRules,
  SessionTransport,
  EventStreams,
  JwtSessionGuard,
  JwtSessionStrategy,
  { provide: APP_FILTER, useClass: AuthExceptionFilter },
];

/** What the module is made of, from the inside out. */
export const providers: Provider[] = [
  ...foundation,
  ...tokens,
  ...sessions,
  ...revocation,
  ...suspicion,
  ...live,
  ...services,
  ...http,
];

/** What the app may inject; a guard is made in the module that uses it, and so is what it needs. */
export const exported = [
  AuthService,
  SessionRegistry,
  SessionEvents,
  LiveSessions,
  JwtSessionGuard,
  Refusals,
  RouteRules,
  SessionTransport,
  Clock,
  RevocationMetrics,
];
