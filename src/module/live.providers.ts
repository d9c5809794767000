import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { FeedChannel } from '../events/message-feed.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import { LiveSessions } from '../live/live-sessions.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { SessionStore } from '../sessions/session-store.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedMedia, sharedMedium } from './media.providers.js';
import { OpenedStore } from './open-store.js';

/** The live updates for those who watch their sessions. */
export const live: Provider[] = [
  {
    provide: LiveSessions,
    inject: [SessionStore, ResolvedAuthOptions, Clock, SessionEvents, OpenedStore, FaultLog, Lifecycle, OpenedMedia],
    useFactory: watchSessions,
  },
];

function watchSessions(
  store: SessionStore,
  { realm, sessions: limits, messages, serverless }: ResolvedAuthOptions,
  clock: Clock,
  events: SessionEvents,
  { parts }: OpenedStore,
  faults: FaultLog,
  lifecycle: Lifecycle,
): LiveSessions {
  const feed =
    messages === 'database'
      ? parts?.feed
      : (channel: FeedChannel) => sharedMedium('messages', messages, realm).feed(channel);
  const told = feed?.('session_changes').toldTo(faults, 'liveFeed');
  const watched = new LiveSessions(store, limits, clock, events, told, !serverless);
  return lifecycle.add(watched, { name: 'live updates', stage: 'work', stop: () => watched.stop() });
}
