import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { MemoryRuns } from '../storage/memory/memory-runs.js';
import { AuthLogger } from './auth-logger.js';
import type { Layer } from './layers.js';
import { OpenedStore } from './open-store.js';
import { CrossingWatch } from '../suspicion/crossing-watch.js';
import { RunStore } from '../suspicion/run-store.js';
import { SuspicionMarkingStore } from '../suspicion/suspicion-marking-store.js';

/** The injection token of the layer that adds suspicions. */
export const SUSPECTING = Symbol('SUSPECTING');

/** Notices that two clients take turns with one session, unless the options turn it off. */
export const suspicion: Provider[] = [
  { provide: RunStore, inject: [ResolvedAuthOptions, OpenedStore], useFactory: chooseRuns },
  {
    provide: CrossingWatch,
    inject: [ResolvedAuthOptions, { token: RunStore, optional: true }, Clock, SessionEvents, AuthLogger],
    useFactory: watchCrossings,
  },
  {
    provide: SUSPECTING,
    inject: [{ token: RunStore, optional: true }, ResolvedAuthOptions],
    useFactory: (runs: RunStore | undefined, { suspicion }: ResolvedAuthOptions): Layer =>
      runs ? { store: (inner) => new SuspicionMarkingStore(inner, runs, suspicion !== null) } : {},
  },
];

function chooseRuns({ suspicion }: ResolvedAuthOptions, { parts, store }: OpenedStore): RunStore | undefined {
  return parts?.runs ?? (suspicion ? new MemoryRuns(store) : undefined);
}

function watchCrossings(
  { suspicion }: ResolvedAuthOptions,
  runs: RunStore | undefined,
  clock: Clock,
  events: SessionEvents,
  logger: AuthLogger,
): CrossingWatch | undefined {
  if (!suspicion || !runs) return undefined;
  const failed = (error: unknown) => logger.warn('Could not check whether two clients use the same session', error);
  return new CrossingWatch(runs, suspicion, clock, events, failed);
}
