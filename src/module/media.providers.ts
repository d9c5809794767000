import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../errors.js';
import { FaultLog } from '../faults/fault-log.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import { SharedMedium } from '../copies/shared-medium.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedStore } from './open-store.js';

/** The media the options name, opened. Injected by whoever uses one, so that it is open by then. */
export class OpenedMedia {
  constructor(readonly all: readonly SharedMedium[]) {}
}

/** What all processes share beside the database. */
export const media: Provider[] = [
  { provide: OpenedMedia, inject: [ResolvedAuthOptions, OpenedStore, FaultLog, Lifecycle], useFactory: openMedia },
];

/** A medium as the module uses it. Throws ConfigurationError for one that is not of this library. */
export function sharedMedium(option: string, medium: RevocationMedium): SharedMedium {
  if (medium instanceof SharedMedium) return medium;
  const mend = 'Use `SessionRedis` of this package, or a class that extends `SharedMedium`';
  throw new ConfigurationError(option, 'it is a medium of another version', mend);
}

/** All of them are checked before the first is opened: nobody closes what a failed boot leaves open. */
async function openMedia(
  { messages, revocation }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  faults: FaultLog,
  lifecycle: Lifecycle,
): Promise<OpenedMedia> {
  const { denylist, hotCopy, nearCopy } = revocation;
  const named = {
    messages,
    'revocation.denylist': denylist,
    'revocation.hotCopy': hotCopy,
    'revocation.nearCopy.over': nearCopy?.over,
  };
  const given = Object.entries(named).flatMap(([option, medium]) =>
    medium instanceof RevocationMedium ? sharedMedium(option, medium) : [],
  );
  if (hotCopy && !parts) throw withoutDatabase();
  if (nearCopy?.over === 'database' && !parts?.feed) throw withoutMessages();
  const all = [...new Set(given)];
  await Promise.all(all.map((medium) => medium.open(faults)));
  const stop = () => Promise.all(all.map((medium) => medium.close()));
  return lifecycle.add(new OpenedMedia(all), { name: 'Redis', stage: 'messages', stop });
}

function withoutDatabase(): ConfigurationError {
  const problem = 'it copies rows of a database, and the sessions are in a `store` of the app';
  return new ConfigurationError('revocation.hotCopy', problem, 'Leave it out, or keep the sessions in a database');
}

/** Why there are no messages of the database. */
export function withoutMessages(): ConfigurationError {
  const problem = "'database' means LISTEN and NOTIFY, and the sessions are not in a PostgreSQL database";
  return new ConfigurationError('revocation.nearCopy.over', problem, 'Give a `SessionRedis`, or leave `nearCopy` out');
}
