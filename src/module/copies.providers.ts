import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { CopiedCheck } from '../copies/copied.check.js';
import { DroppingStore } from '../copies/dropping-store.js';
import { NearCopies } from '../copies/near-copies.js';
import { RevocationMetrics } from '../copies/revocation-metrics.js';
import type { SessionCopies } from '../copies/session-copies.js';
import type { MessageFeed } from '../events/message-feed.js';
import { FaultLog } from '../faults/fault-log.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { RevocationMedium } from '../options/revocation-medium.js';
import type { Layer } from './layers.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedMedia, sharedMedium, withoutMessages } from './media.providers.js';
import { OpenedStore } from './open-store.js';

/** The copies of sessions that the options turn on. */
export abstract class OpenedCopies {
  abstract readonly hot: SessionCopies | undefined;
  abstract readonly near: NearCopies | undefined;
}

/** The injection token of the layer that adds copies. */
export const COPYING = Symbol('COPYING');

/** The providers for copies of sessions. */
export const copies: Provider[] = [
  {
    provide: OpenedCopies,
    inject: [ResolvedAuthOptions, OpenedStore, Clock, FaultLog, Lifecycle, OpenedMedia],
    useFactory: openCopies,
  },
  { provide: COPYING, inject: [OpenedCopies, ResolvedAuthOptions, Clock], useFactory: layCopies },
  {
    provide: RevocationMetrics,
    inject: [OpenedCopies],
    useFactory: ({ near }: OpenedCopies) => new RevocationMetrics(near),
  },
];

/** A route that asks for the check `session` by name is not answered from the near copy. */
function layCopies({ hot, near }: OpenedCopies, { sessions }: ResolvedAuthOptions, clock: Clock): Layer {
  const stale = [hot, near].filter((one) => one !== undefined);
  if (stale.length === 0) return {};
  return {
    store: (inner) => new DroppingStore(inner, stale, sessions.reuseInterval, clock),
    ...(hot && { session: (inner) => new CopiedCheck(hot, inner, sessions, clock) }),
    ...(near && { standard: (inner) => new CopiedCheck(near, inner, sessions, clock) }),
  };
}

async function openCopies(
  options: ResolvedAuthOptions,
  opened: OpenedStore,
  clock: Clock,
  faults: FaultLog,
  lifecycle: Lifecycle,
): Promise<OpenedCopies> {
  return {
    hot: await hotCopies(options, opened, clock),
    near: nearCopies(options, opened, clock, faults, lifecycle),
  };
}

async function hotCopies(
  { realm, revocation: { hotCopy } }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  clock: Clock,
): Promise<SessionCopies | undefined> {
  return hotCopy && parts && sharedMedium('revocation.hotCopy', hotCopy, realm).copies(parts.ledger, clock);
}

function nearCopies(
  { realm, revocation }: ResolvedAuthOptions,
  opened: OpenedStore,
  clock: Clock,
  faults: FaultLog,
  lifecycle: Lifecycle,
): NearCopies | undefined {
  if (!revocation.nearCopy) return undefined;
  const { over, ...settings } = revocation.nearCopy;
  const near = new NearCopies(feedOf(over, opened, realm).toldTo(faults, 'staleFeed'), settings, clock);
  near.start();
  return lifecycle.add(near, { name: 'near copies', stage: 'copies', stop: () => near.stop() });
}

function feedOf(over: 'database' | RevocationMedium, { parts }: OpenedStore, realm: string | undefined): MessageFeed {
  if (over !== 'database') return sharedMedium('revocation.nearCopy.over', over, realm).feed('session_copies_stale');
  if (parts?.feed) return parts.feed('session_copies_stale');
  throw withoutMessages();
}
