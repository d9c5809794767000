import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../errors.js';
import { FaultLog } from '../faults/fault-log.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationMedium } from '../options/revocation-medium.js';
import { SharedMedium } from '../copies/shared-medium.js';
import { Lifecycle } from './lifecycle.js';
import { OpenedStore } from './open-store.js';

/** The media that the options name, already open. Services that use a medium inject this, so that it is open by then. */
export class OpenedMedia {
  constructor(readonly all: readonly SharedMedium[]) {}
}

/** What processes share in addition to the database. */
export const media: Provider[] = [
  { provide: OpenedMedia, inject: [ResolvedAuthOptions, OpenedStore, FaultLog, Lifecycle], useFactory: openMedia },
];

/**
 * The medium with the methods the module needs, apart from what other realms keep in it. Throws ConfigurationError if it is
 * not one of this library, or cannot keep realms apart.
 */
export function sharedMedium(option: string, medium: RevocationMedium, realm: string | undefined): SharedMedium {
  const shared = ofThisLibrary(option, medium);
  return realm === undefined ? shared : shared.inRealm(realm);
}

function ofThisLibrary(option: string, medium: RevocationMedium): SharedMedium {
  if (medium instanceof SharedMedium) return medium;
  const mend = 'Use `SessionRedis` of this package, or a class that extends `SharedMedium`';
  throw new ConfigurationError(option, 'it is a medium of another version of this library', mend);
}

/** Checks all of them before opening the first: a failed boot would leave it open, and nobody would close it. */
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
    medium instanceof RevocationMedium ? ofThisLibrary(option, medium) : [],
  );
  if (hotCopy && !parts) throw withoutDatabase();
  if (nearCopy?.over === 'database' && !parts?.feed) throw withoutMessages();
  const all = [...new Set(given)];
  await Promise.all(all.map((medium) => medium.open(faults)));
  const stop = () => Promise.all(all.map((medium) => medium.close()));
  return lifecycle.add(new OpenedMedia(all), { name: 'the media between processes', stage: 'messages', stop });
}

function withoutDatabase(): ConfigurationError {
  const problem = 'it copies rows of a database, but the sessions are in your own `store`';
  return new ConfigurationError('revocation.hotCopy', problem, 'Leave it out, or keep the sessions in a database');
}

/** The error for a database that cannot carry messages. */
export function withoutMessages(): ConfigurationError {
  const problem = "'database' uses LISTEN and NOTIFY, but the sessions are not in a PostgreSQL database";
  return new ConfigurationError('revocation.nearCopy.over', problem, 'Give a `SessionRedis`, or leave `nearCopy` out');
}
