import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FeedConnection, MessageFeed } from '../../src/events/message-feed.js';

/** A feed whose connections a test cuts. */
class CutFeed extends MessageFeed {
  fault: Error | undefined;
  isSilent = false;
  cut: (cause?: unknown) => void = () => {};

  override async publish(): Promise<void> {
    if (this.fault) throw this.fault;
  }
  protected override async connect(
    _heard: (message: string) => void,
    broken: (cause?: unknown) => void,
  ): Promise<FeedConnection> {
    if (this.fault) throw this.fault;
    this.cut = broken;
    const probe = () => (this.isSilent ? new Promise<void>(() => {}) : Promise.resolve());
    // As drivers do, it tells of its own end.
    return { probe, close: async () => broken() };
  }
}

const LISTENER = { heard: () => {}, up: () => {}, down: () => {} };
const AWAY = new Error('the server is away');
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
let feed: CutFeed;
let told: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  told = [];
  feed = new CutFeed().toldTo(
    {
      failed: (kind, cause) => told.push(`${kind} failed: ${(cause as Error).message}`),
      succeeded: (kind) => told.push(`${kind} works`),
    },
    'staleFeed',
  );
  feed.start(LISTENER);
  await pass(0);
  told.length = 0;
});
afterEach(async () => {
  await feed.stop();
  vi.useRealTimers();
});

describe('a feed of messages tells', () => {
  it('when it is lost and why, and when it is heard again', async () => {
    feed.cut(AWAY);
    await pass(250);
    expect(told).toEqual(['staleFeed failed: the server is away', 'staleFeed works']);
  });

  it('of each try that fails', async () => {
    feed.fault = AWAY;
    feed.cut();
    await pass(500);
    expect(told).toEqual([
      'staleFeed failed: the connection ended',
      'staleFeed failed: the server is away',
      'staleFeed failed: the server is away',
    ]);
  });

  it('of a connection that answers nothing any more', async () => {
    feed.isSilent = true;
    const probed = feed.probe();
    await pass(1_000);
    expect(await probed).toBe(false);
    expect(told).toEqual(['staleFeed failed: the server did not answer within 1000 ms']);
  });

  it('of a message that could not be sent, and goes on', async () => {
    feed.fault = AWAY;
    await feed.send('one');
    expect(told).toEqual(['word failed: the server is away']);
  });

  it('nothing when it is stopped', async () => {
    await feed.stop();
    await pass(1_000);
    expect(told).toEqual([]);
  });
});
