import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageFeed, type FeedConnection } from '../../../src/events/message-feed.js';
import { NearCopies } from '../../../src/copies/near-copies.js';
import type { SessionState } from '../../../src/sessions/session.js';
import { TestClock } from '../../../src/testing/test-clock.js';

const LIVE: SessionState = {
  ...{ refTokID: 'first', predecessor: null, rotatedAt: null, usedAt: null },
  ...{ lastActiveAt: 1_000, expiresAt: 9_000_000, endedAt: null, endReason: null },
};

const ADA = { userId: 'ada', guid: 'one' };

/** A feed within the test: what one process tells, all of them hear. */
class Wire {
  readonly ends = new Set<(message: string) => void>();
  fault: Error | undefined;
  silent = false;
  /** Connections answer, but messages do not arrive. */
  deaf = false;
  /** When connections answer; at once if it is undefined. */
  answer: Promise<void> | undefined;
}

class WireFeed extends MessageFeed {
  broken: () => void = () => {};
  connections = 0;
  constructor(private readonly wire: Wire) {
    super();
  }
  override async publish(message: string): Promise<void> {
    if (this.wire.fault) throw this.wire.fault;
    for (const end of this.wire.ends) end(message);
  }
  protected override async connect(heard: (message: string) => void, broken: () => void): Promise<FeedConnection> {
    if (this.wire.fault) throw this.wire.fault;
    this.connections++;
    this.broken = broken;
    this.wire.ends.add(heard);
    return {
      hearsItself: async () => !this.wire.deaf,
      probe: () => (this.wire.silent ? new Promise(() => {}) : (this.wire.answer ?? Promise.resolve())),
      close: async () => this.wire.ends.delete(heard),
    };
  }
}

let wire: Wire;
let clock: TestClock;
const running: NearCopies[] = [];

async function start(settings = {}): Promise<{ near: NearCopies; feed: WireFeed }> {
  const feed = new WireFeed(wire);
  const near = new NearCopies(feed, { maxAge: 5_000, size: 100, ...settings }, clock);
  running.push(near);
  near.start();
  await vi.advanceTimersByTimeAsync(0);
  return { near, feed };
}

function copy(near: NearCopies, key = ADA): void {
  const { permit } = near.find(key);
  if (!permit) throw new Error('there is no permit');
  near.keep(key, LIVE, permit);
}

const isCopied = (near: NearCopies, key = ADA) => near.find(key).state !== undefined;

/** Time passes, for the clock and for timers alike. */
async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers();
  wire = new Wire();
  clock = new TestClock();
});

describe('near copies', () => {
  it('answer until another process tells of a revoke', async () => {
    const [{ near }, { near: other }] = [await start(), await start()];
    copy(near);
    expect(isCopied(near)).toBe(true);
    await other.drop(ADA);
    expect(isCopied(near)).toBe(false);
  });

  it('are dropped here even if no other process can be told', async () => {
    const { near } = await start();
    copy(near);
    wire.fault = new Error('cut');
    await near.drop(ADA);
    expect(isCopied(near)).toBe(false);
  });

  it('are dropped one by one, all of a user, or all of everybody', async () => {
    const [{ near }, { near: other }] = [await start(), await start()];
    const keys = [ADA, { userId: 'ada', guid: 'two' }, { userId: 'bob', guid: 'three' }];
    for (const key of keys) copy(near, key);
    const left = () => keys.filter((key) => isCopied(near, key)).map(({ guid }) => guid);
    await other.drop({ userId: 'ada', guid: 'two' });
    expect(left()).toEqual(['one', 'three']);
    await other.drop({ userId: 'ada' });
    expect(left()).toEqual(['three']);
    await other.drop({ userId: null });
    expect(left()).toEqual([]);
  });

  it('are not made of what was read before a drop', async () => {
    const [{ near }, { near: other }] = [await start(), await start()];
    const { permit } = near.find(ADA);
    await other.drop(ADA);
    if (permit) near.keep(ADA, LIVE, permit);
    expect(isCopied(near)).toBe(false);
  });

  it('answer for no longer than maxAge after the row was looked for', async () => {
    const { near } = await start({ maxAge: 900 });
    const { permit } = near.find(ADA);
    await pass(500);
    if (permit) near.keep(ADA, LIVE, permit);
    expect(isCopied(near)).toBe(true);
    await pass(399);
    expect(isCopied(near)).toBe(true);
    await pass(1);
    expect(isCopied(near)).toBe(false);
  });

  it('are replaced if the session was active later', async () => {
    const { near } = await start();
    copy(near);
    expect(near.find(ADA, LIVE.lastActiveAt - 1)).toEqual({ state: LIVE });
    const { permit } = near.find(ADA, LIVE.lastActiveAt);
    const touched = { ...LIVE, lastActiveAt: LIVE.lastActiveAt + 1 };
    near.keep(ADA, touched, permit as never);
    expect(near.find(ADA, LIVE.lastActiveAt)).toEqual({ state: touched });
  });

  it('answer for their user alone', async () => {
    const { near } = await start();
    copy(near);
    expect(isCopied(near, { userId: 'bob', guid: 'one' })).toBe(false);
  });

  it('make room for one another, the eldest first', async () => {
    const { near } = await start({ size: 2 });
    const keys = ['one', 'two', 'three'].map((guid) => ({ userId: 'ada', guid }));
    for (const key of keys) copy(near, key);
    expect(keys.filter((key) => isCopied(near, key)).map(({ guid }) => guid)).toEqual(['two', 'three']);
    expect(near.metrics().entries).toBe(2);
  });

  it.each(['nonsense', '{}', '[]', 'null', '{"by":1}'])('are all dropped by a message like %s', async (odd) => {
    const { near, feed } = await start();
    copy(near);
    await feed.publish(odd);
    expect(isCopied(near)).toBe(false);
  });

  it('tell what they did, and how late they heard of revokes', async () => {
    const [{ near }, { near: other }] = [await start(), await start()];
    const idle = { count: 0, p50: 0, p99: 0, max: 0 };
    expect(near.metrics()).toEqual({ entries: 0, hits: 0, misses: 0, connected: true, delay: idle });
    copy(near);
    isCopied(near);
    for (let heard = 1; heard <= 100; heard++) {
      const message = { ...ADA, by: 'another', at: clock.now() - heard };
      for (const end of wire.ends) end(JSON.stringify(message));
    }
    await near.drop(ADA);
    const delay = { count: 100, p50: 50, p99: 99, max: 100 };
    expect(near.metrics()).toEqual({ entries: 0, hits: 1, misses: 1, connected: true, delay });
    expect(other.metrics().delay.count).toBe(101);
  });
});

describe('near copies that may not be told of a revoke', () => {
  it('are all dropped when the connection breaks, and made again on the next', async () => {
    const { near, feed } = await start();
    copy(near);
    feed.broken();
    expect(near.find(ADA)).toEqual({});
    expect(near.metrics()).toMatchObject({ connected: false, entries: 0 });
    await pass(300);
    expect(feed.connections).toBe(2);
    expect(isCopied(near)).toBe(false);
    copy(near);
    expect(isCopied(near)).toBe(true);
  });

  it('are all dropped when the connection falls silent', async () => {
    const { near } = await start();
    copy(near);
    wire.silent = true;
    await pass(2_100);
    expect(near.find(ADA)).toEqual({});
    wire.silent = false;
    await pass(1_500);
    copy(near);
    expect(isCopied(near)).toBe(true);
  });

  it('are dropped within half a minute when messages do not arrive, and are not made again until they do', async () => {
    const { near } = await start();
    wire.deaf = true;
    await pass(29_000);
    copy(near);
    expect(isCopied(near)).toBe(true);
    await pass(1_000);
    expect(near.find(ADA)).toEqual({});
    await pass(5_000);
    expect(near.find(ADA)).toEqual({});
    wire.deaf = false;
    await pass(30_000);
    expect(near.find(ADA).permit).toBeDefined();
  });

  it('are not used while the process cannot connect at all', async () => {
    wire.fault = new Error('refused');
    const { near } = await start();
    expect(near.find(ADA)).toEqual({});
    wire.fault = undefined;
    await pass(300);
    expect(near.find(ADA).permit).toBeDefined();
  });

  it('are not used when their process stood still for longer than a probe takes', async () => {
    const { near } = await start();
    copy(near);
    clock.advance(3_000);
    expect(near.find(ADA)).toEqual({});
  });

  it('are not used because of an answer that was read only after their process was frozen', async () => {
    const { near } = await start({ maxAge: 60_000 });
    copy(near);
    wire.answer = new Promise((done) => setTimeout(done, 1_500));
    await pass(1_000);
    // The clock goes on and no timer fires.
    clock.advance(10_000);
    await vi.advanceTimersByTimeAsync(500);
    expect(near.find(ADA)).toEqual({});
    await pass(1_000);
    expect(isCopied(near)).toBe(true);
  });
});
