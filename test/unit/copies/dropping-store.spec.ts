import { beforeEach, describe, expect, it } from 'vitest';
import { DroppingStore } from '../../../src/copies/dropping-store.js';
import { SessionCopies, type Stale } from '../../../src/copies/session-copies.js';
import { ALL_CUT_OFF } from '../../../src/sessions/cutoff.js';
import type { Session } from '../../../src/sessions/session.js';
import type { Ending, EndOutcome, OpenRules } from '../../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../../src/storage/memory/memory-session.store.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { DAY, SECOND } from '../../support/times.js';
import { cutOffWhole } from '../../../src/testing/cut-off-whole.js';
import type { Place, Walk } from '../../../src/sessions/session-store.js';

const INTERVAL = 10 * SECOND;
const NOTHING = { userAgent: null, ip: null };
const RULES: OpenRules = { maxSessions: null, whenFull: 'evict', idleBefore: 0 };

class Dropped extends SessionCopies {
  constructor(
    private readonly name: string,
    private readonly log: unknown[],
  ) {
    super();
  }
  override find() {
    return {};
  }
  override keep() {}
  override async drop(stale: Stale, spare = 0): Promise<void> {
    this.log.push([this.name, stale, ...(spare > 0 ? [spare] : [])]);
  }
}

class FaultyStore extends MemorySessionStore {
  fault: Error | undefined;
  override async end(...given: Parameters<MemorySessionStore['end']>): Promise<EndOutcome> {
    const outcome = await super.end(...given);
    if (this.fault) throw this.fault;
    return outcome;
  }
}

let clock: TestClock;
let dropped: unknown[];
let memory: FaultyStore;
let store: DroppingStore;

const session = (guid: string): Session => {
  const at = clock.now();
  return {
    ...{ ...NOTHING, guid, userId: 'ada', refTokID: 'first', predecessor: null, rotatedAt: null, usedAt: null },
    ...{ ticket: 0, name: null, createdAt: at, lastActiveAt: at, expiresAt: at + DAY, purgeAt: at + DAY },
    ...{ endedAt: null, endReason: null },
  };
};
const ending = (): Ending => ({ reason: 'revoked', at: clock.now(), idleBefore: 0 });

beforeEach(async () => {
  clock = new TestClock();
  dropped = [];
  memory = new FaultyStore();
  const copies = [new Dropped('hot', dropped), new Dropped('near', dropped)];
  store = new DroppingStore(memory, copies, INTERVAL, clock);
  await memory.open(session('one'), RULES);
});

const both = (stale: Stale, ...rest: unknown[]) => [
  ['hot', stale, ...rest],
  ['near', stale, ...rest],
];

describe('a store that drops copies', () => {
  it('drops that of a session that ends, the farther copy first, also when it had ended before', async () => {
    expect(await store.end({ userId: 'ada', guid: 'one' }, ending())).toBe('ended');
    expect(await store.end({ userId: 'ada', guid: 'one' }, ending())).toBe('over');
    const stale = { userId: 'ada', guid: 'one' };
    expect(dropped).toEqual([...both(stale), ...both(stale)]);
  });

  it('drops it if the database failed, and rejects with the fault', async () => {
    memory.fault = new Error('no answer');
    await expect(store.end({ userId: 'ada', guid: 'one' }, ending())).rejects.toThrow('no answer');
    expect(dropped).toEqual(both({ userId: 'ada', guid: 'one' }));
  });

  it('drops all of a user who is cut off or forgotten', async () => {
    await cutOffWhole(store, { userId: 'ada', ...ending() });
    await store.forget('ada');
    expect(dropped).toEqual([...both({ userId: 'ada' }), ...both({ userId: 'ada' })]);
  });

  it('drops all of a user once for all batches, after the last or one that failed', async () => {
    const walk = { userId: 'ada', mark: ALL_CUT_OFF, ...ending() };
    const next = { createdAt: 1, guid: 'one' };
    Object.assign(memory, {
      endBatch: async (_: Walk, after?: Place) => ({ ended: 1, over: [], next: after ? undefined : next }),
    });
    await store.endBatch(walk);
    expect(dropped).toEqual([]);
    await store.endBatch(walk, next);
    expect(dropped).toEqual(both({ userId: 'ada' }));
    dropped.length = 0;
    memory.endBatch = () => Promise.reject(new Error('away'));
    await expect(store.endBatch(walk)).rejects.toThrow('away');
    expect(dropped).toEqual(both({ userId: 'ada' }));
  });

  it('drops all of a user if the database failed, because the cutoff may be stored', async () => {
    memory.cutOff = () => Promise.reject(new Error('no answer'));
    await expect(store.cutOff({ userId: 'ada', ...ending() })).rejects.toThrow('no answer');
    expect(dropped).toEqual(both({ userId: 'ada' }));
  });

  it('drops those a sign-in takes the place of', async () => {
    await store.open(session('two'), { ...RULES, replaces: 'one' });
    expect(dropped).toEqual(both({ userId: 'ada', guid: 'one' }));
    dropped.length = 0;
    await store.open(session('three'), { ...RULES, maxSessions: 1 });
    expect(dropped).toEqual(both({ userId: 'ada', guid: 'two' }));
  });

  it('drops that of a rotated session, for which the predecessor may speak a while', async () => {
    const rotation = { ...NOTHING, userId: 'ada', guid: 'one', at: clock.now(), idleBefore: 0 };
    clock.advance(SECOND);
    await store.rotate({ ...rotation, from: 'first', to: 'second' });
    expect(dropped).toEqual(both({ userId: 'ada', guid: 'one' }, INTERVAL - SECOND));
    dropped.length = 0;
    await store.rotate({ ...rotation, from: 'first', to: 'third' });
    expect(dropped).toEqual([]);
  });

  it('drops nothing if nothing changes a verdict', async () => {
    await store.open(session('two'), RULES);
    await store.check({ userId: 'ada', guid: 'one' });
    await store.rename({ userId: 'ada', guid: 'one' }, 'phone');
    await store.markUsed({ userId: 'ada', guid: 'one' }, 'first', clock.now());
    expect(dropped).toEqual([]);
  });
});
