import type { Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { ClockWatch } from '../faults/clock-watch.js';
import { FaultLog } from '../faults/fault-log.js';
import { tablesIn } from '../options/realm-defaults.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { PatientRegistry } from '../sessions/patient-registry.js';
import { PurgeTimer } from '../sessions/purge-timer.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import { SessionStore } from '../sessions/session-store.js';
import { UnusedConnections } from '../storage/connections/unused-connections.js';
import { CrossingWatch } from '../suspicion/crossing-watch.js';
import { AuthLogger } from './auth-logger.js';
import { findDataSource } from './find-data-source.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedStore, openStore } from './open-store.js';
import { OWN_STORE } from './own-store.js';

const FROZEN =
  'This process may be frozen between requests (`serverless`): it writes "last active" before it answers, hears nothing of ' +
  'other processes, and purges nothing unless `SessionRegistry.purge` is called.';

/** The storage of sessions, and the registry on top of it. */
export const sessions: Provider[] = [
  {
    provide: OpenedStore,
    inject: [
      ResolvedAuthOptions,
      Clock,
      Lifecycle,
      // Not optional: if the store could not be created, Nest would silently go on without it.
      OWN_STORE,
      ModuleRef,
      ModulesContainer,
      AuthLogger,
    ],
    useFactory: open,
  },
  {
    provide: SessionRegistry,
    inject: [
      Lifecycle,
      SessionStore,
      ResolvedAuthOptions,
      Clock,
      SessionEvents,
      { token: CrossingWatch, optional: true },
    ],
    useFactory: makeRegistry,
  },
  { provide: PurgeTimer, inject: [SessionRegistry, ResolvedAuthOptions, FaultLog, Lifecycle], useFactory: timePurges },
  {
    provide: ClockWatch,
    inject: [OpenedStore, Clock, FaultLog, Lifecycle, ResolvedAuthOptions],
    useFactory: watchClock,
  },
];

async function open(
  { realm, storage, messages, serverless, revocation: { column } }: ResolvedAuthOptions,
  clock: Clock,
  lifecycle: Lifecycle,
  store: SessionStore | undefined,
  moduleRef: ModuleRef,
  modules: ModulesContainer,
  logger: AuthLogger,
): Promise<OpenedStore> {
  const { database, dataSource, migrate, storeTimeout: timeout } = storage;
  const tables = store ? storage.tables : tablesIn(realm, storage.tables);
  const unused = serverless ? new UnusedConnections(clock) : undefined;
  const ofApp = store || database ? undefined : await findDataSource(moduleRef, modules, dataSource);
  const opened = await openStore({ store, ofApp, database, tables, migrate, column, timeout, unused });
  logger.log(whereKept(opened, messages !== 'database', realm));
  if (serverless) logger.log(FROZEN);
  if (opened.parts?.weakness) logger.warn(weakServer(opened.parts.weakness));
  opened.parts?.warnTo?.((line) => logger.warn(line));
  return lifecycle.add(opened, { name: 'the database', stage: 'storage', stop: () => opened.close() });
}

function makeRegistry(lifecycle: Lifecycle, ...parts: ConstructorParameters<typeof SessionRegistry>): SessionRegistry {
  const [, { serverless }] = parts;
  const registry = new (serverless ? PatientRegistry : SessionRegistry)(...parts);
  // Flushed twice: requests of the app may keep its server open for a long time, and touch sessions meanwhile.
  const flush = () => registry.flushTouches();
  lifecycle.add(registry, { name: 'ending sessions in batches', stage: 'work', stop: () => registry.stop() });
  const name = 'writing when sessions were last active';
  return lifecycle.add(registry, { name, stage: 'writes', beforeStop: flush, stop: flush });
}

function timePurges(
  registry: SessionRegistry,
  { purge }: ResolvedAuthOptions,
  faults: FaultLog,
  lifecycle: Lifecycle,
): PurgeTimer {
  const timer = new PurgeTimer(registry, purge, faults);
  const [start, stop] = [() => timer.start(), () => timer.stop()];
  return lifecycle.add(timer, { name: 'the purge', stage: 'work', start, stop });
}

async function watchClock(
  { parts }: OpenedStore,
  clock: Clock,
  faults: FaultLog,
  lifecycle: Lifecycle,
  { serverless }: ResolvedAuthOptions,
): Promise<ClockWatch> {
  const watch = new ClockWatch(parts?.time, clock, faults);
  // What is under way when the process is frozen fails when it goes on.
  if (serverless) {
    await watch.once();
    return watch;
  }
  const [start, stop] = [() => watch.start(), () => watch.stop()];
  return lifecycle.add(watch, { name: 'the clock watch', stage: 'watches', start, stop });
}

function whereKept({ parts }: OpenedStore, byMedium: boolean, realm: string | undefined): string {
  const whose = realm === undefined ? 'Sessions' : `Sessions of the realm '${realm}'`;
  const carried = parts?.feed ? 'LISTEN and NOTIFY' : undefined;
  const told = byMedium ? 'the medium of `messages`' : carried;
  const live = told ? `Other processes hear of changes by ${told}` : 'Other processes look for changes once a second';
  return `${whose} are kept in ${parts?.place ?? 'the `store` of the app'}. ${live}.`;
}

function weakServer(setting: string): string {
  return (
    `If the database server is killed or loses power, it may lose sign-outs that were already acknowledged (${setting}). ` +
    'Set this back to its default; see docs/databases.md.'
  );
}
