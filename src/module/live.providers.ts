import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import { LiveSessions } from '../live/live-sessions.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { SessionStore } from '../sessions/session-store.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedStore } from './open-store.js';

/** What tells who watches. */
export const live: Provider[] = [
  {
    provide: LiveSessions,
    inject: [SessionStore, ResolvedAuthOptions, Clock, SessionEvents, OpenedStore, FaultLog, Lifecycle],
    useFactory: watchSessions,
  },
];

function watchSessions(
  store: SessionStore,
  { sessions: limits }: ResolvedAuthOptions,
  clock: Clock,
  events: SessionEvents,
  { parts }: OpenedStore,
  faults: FaultLog,
  lifecycle: Lifecycle,
): LiveSessions {
  const feed = parts?.feed?.('session_changes').toldTo(faults, 'liveFeed');
  const watched = new LiveSessions(store, limits, clock, events, feed);
  return lifecycle.add(watched, { name: 'live updates', stage: 'work', stop: () => watched.stop() });
}
