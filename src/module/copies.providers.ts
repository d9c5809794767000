import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { FaultLog } from '../faults/fault-log.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import type { MessageFeed } from '../events/message-feed.js';
import { NearCopies } from '../copies/near-copies.js';
import type { SessionCopies } from '../copies/session-copies.js';
import { RevocationMetrics } from '../copies/revocation-metrics.js';
import { SharedMedium } from '../copies/shared-medium.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedStore } from './open-store.js';

/** The media the options name, opened. Injected by whoever uses one, so that it is open by then. */
export class OpenedMedia {
  constructor(readonly all: readonly SharedMedium[]) {}
}

/** The copies of sessions the options ask for. */
export abstract class OpenedCopies {
  abstract readonly hot: SessionCopies | undefined;
  abstract readonly near: NearCopies | undefined;
}

/** Copies of sessions, and the media that carry them. */
export const copies: Provider[] = [
  { provide: OpenedMedia, inject: [ResolvedAuthOptions, OpenedStore, FaultLog, Lifecycle], useFactory: openMedia },
  {
    provide: OpenedCopies,
    inject: [ResolvedAuthOptions, OpenedStore, Clock, FaultLog, Lifecycle, OpenedMedia],
    useFactory: openCopies,
  },
  {
    provide: RevocationMetrics,
    inject: [OpenedCopies],
    useFactory: ({ near }: OpenedCopies) => new RevocationMetrics(near),
  },
];

/** A medium as the module uses it. Throws ConfigurationError for one that is not of this library. */
export function sharedMedium(option: string, medium: RevocationMedium): SharedMedium {
  if (medium instanceof SharedMedium) return medium;
  throw new ConfigurationError(option, 'it is a medium of another version', 'Use `SessionRedis` of this package');
}

/** All of them are checked before the first is opened: nobody closes what a failed boot leaves open. */
async function openMedia(
  { revocation }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  faults: FaultLog,
  lifecycle: Lifecycle,
): Promise<OpenedMedia> {
  const { denylist, hotCopy, nearCopy } = revocation;
  const named = { denylist, hotCopy, 'nearCopy.over': nearCopy?.over };
  const media = Object.entries(named).flatMap(([option, medium]) =>
    medium instanceof RevocationMedium ? sharedMedium(`revocation.${option}`, medium) : [],
  );
  if (hotCopy && !parts) throw withoutDatabase();
  if (nearCopy?.over === 'database' && !parts?.feed) throw withoutMessages();
  const all = [...new Set(media)];
  await Promise.all(all.map((medium) => medium.open(faults)));
  const stop = () => Promise.all(all.map((medium) => medium.close()));
  return lifecycle.add(new OpenedMedia(all), { name: 'Redis', stage: 'messages', stop });
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
  { revocation: { hotCopy } }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  clock: Clock,
): Promise<SessionCopies | undefined> {
  return hotCopy && parts && sharedMedium('revocation.hotCopy', hotCopy).copies(parts.ledger, clock);
}

function nearCopies(
  { revocation }: ResolvedAuthOptions,
  opened: OpenedStore,
  clock: Clock,
  faults: FaultLog,
  lifecycle: Lifecycle,
): NearCopies | undefined {
  if (!revocation.nearCopy) return undefined;
  const { over, ...settings } = revocation.nearCopy;
  const near = new NearCopies(feedOf(over, opened).toldTo(faults, 'staleFeed'), settings, clock);
  near.start();
  return lifecycle.add(near, { name: 'near copies', stage: 'copies', stop: () => near.stop() });
}

function feedOf(over: 'database' | RevocationMedium, { parts }: OpenedStore): MessageFeed {
  if (over !== 'database') return sharedMedium('revocation.nearCopy.over', over).feed();
  if (parts?.feed) return parts.feed('session_copies_stale');
  throw withoutMessages();
}

function withoutDatabase(): ConfigurationError {
  const problem = 'it copies rows of a database, and the sessions are in a `store` of the app';
  return new ConfigurationError('revocation.hotCopy', problem, 'Leave it out, or keep the sessions in a database');
}

function withoutMessages(): ConfigurationError {
  const problem = "'database' means LISTEN and NOTIFY, and the sessions are not in a PostgreSQL database";
  return new ConfigurationError('revocation.nearCopy.over', problem, 'Give a `SessionRedis`, or leave `nearCopy` out');
}
