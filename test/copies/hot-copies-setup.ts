import { createClient } from 'redis';
import { CopyLedger, type LedgerEntry, NO_EDITION } from '../../src/copies/copy-ledger.js';
import type { SessionState } from '../../src/sessions/session.js';
import { EditionWatch } from '../../src/redis/edition-watch.js';
import { HotCopies, type HotCopySettings } from '../../src/redis/hot-copies.js';
import type { RedisClient } from '../../src/redis/redis-client.js';
import { RedisLink } from '../../src/redis/redis-link.js';
import { TestClock } from '../../src/testing/test-clock.js';

/** A ledger in memory; as many processes as a test likes share it. */
export class MemoryLedger extends CopyLedger {
  edition = NO_EDITION;
  retired = 0;
  fault: Error | undefined;

  override async read(): Promise<LedgerEntry> {
    if (this.fault) throw this.fault;
    // The last one was retired before any process of the test looked.
    return { edition: this.edition, retired: this.retired, age: 60_000 };
  }

  override async replace(from: string, to: string): Promise<boolean> {
    if (this.fault) throw this.fault;
    if (this.edition !== from) return false;
    if (from !== NO_EDITION) this.retired++;
    this.edition = to;
    return true;
  }
}

/** A process, as far as copies go: what it waits for passes on its own clock, at once. */
export interface CopyProcess {
  readonly copies: HotCopies;
  readonly clock: TestClock;
  readonly waits: number[];
  readonly faults: unknown[];
  /** What is done while it waits, before the time has passed. */
  meanwhile: () => Promise<unknown>;
  close(): Promise<void>;
}

/** Starts a process on a server. `clock` is shared by those who are to wait for each other. */
export async function startCopies(
  url: string | RedisClient,
  ledger: CopyLedger,
  clock: TestClock,
  settings: Partial<HotCopySettings> = {},
): Promise<CopyProcess> {
  const faults: unknown[] = [];
  const waits: number[] = [];
  const client = typeof url === 'string' ? createClient({ url, disableOfflineQueue: true }) : url;
  const link = new RedisLink(client, 300);
  const watch = new EditionWatch(ledger, clock, async (milliseconds) => {
    waits.push(milliseconds);
    await made.meanwhile();
    clock.advance(milliseconds);
  });
  const all = { prefix: 'test:', reads: true, whenLost: 'database', ...settings } as const;
  const copies = new HotCopies(link, watch, all, { failed: (_kind, error) => faults.push(error), succeeded: () => {} });
  const made: CopyProcess = {
    ...{ copies, clock, waits, faults },
    meanwhile: async () => {},
    close: () => link.close(),
  };
  await link.open();
  await copies.open();
  return made;
}

/** A live session's row. */
export const LIVE: SessionState = {
  ...{ refTokID: 'first', predecessor: null, rotatedAt: null, usedAt: null },
  ...{ lastActiveAt: 1_000, expiresAt: 9_000_000, endedAt: null, endReason: null },
};

/** Makes a copy of a live session; resolves once it can be found. */
export async function copy({ copies }: CopyProcess, userId: string, guid: string): Promise<void> {
  const { permit } = await copies.find({ userId, guid });
  if (permit === undefined) throw new Error(`there is no permit to copy ${guid}`);
  copies.keep({ userId, guid }, LIVE, permit);
  if (!(await isCopied({ copies }, userId, guid))) throw new Error(`${guid} was not copied`);
}

/** Whether a process would answer from a copy. */
export async function isCopied({ copies }: Pick<CopyProcess, 'copies'>, userId: string, guid: string) {
  return (await copies.find({ userId, guid })).state !== undefined;
}

/** Resolves when that is so; the clock of the processes moves on meanwhile. */
export async function until(clock: TestClock, question: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await question()) return;
    await new Promise((done) => setTimeout(done, 50));
    clock.advance(1_100);
  }
  throw new Error('that never came true');
}
