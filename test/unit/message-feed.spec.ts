import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FeedConnection, MessageFeed } from '../../src/events/message-feed.js';

/** A feed whose connections a test cuts. */
class CutFeed extends MessageFeed {
  fault: Error | undefined;
  isSilent = false;
  /** Whether a message to itself arrives; an error if it cannot be sent. */
  echo: boolean | Error = true;
  connections = 0;
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
    this.connections += 1;
    const hearsItself = async () => {
      if (this.echo instanceof Error) throw this.echo;
      return this.echo;
    };
    const probe = () => (this.isSilent ? new Promise<void>(() => {}) : Promise.resolve());
    // As drivers do, it tells of its own end.
    return { probe, hearsItself, close: async () => broken() };
  }
}

const LISTENER = {
  heard: () => {},
  up: () => told.push('up'),
  down: () => told.push('down'),
};
/** Half a minute: how often a way on which nothing is heard is tried. */
const LONG = 30_000;
const WORKS = ['staleFeed works', 'up'];
const UNHEARD = 'unheard failed: a message that this process sent to itself did not arrive';
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
    expect(told).toEqual(['staleFeed failed: the server is away', 'down', ...WORKS]);
  });

  it('of each try that fails', async () => {
    feed.fault = AWAY;
    feed.cut();
    await pass(500);
    expect(told).toEqual([
      'staleFeed failed: the connection ended',
      'down',
      'staleFeed failed: the server is away',
      'down',
      'staleFeed failed: the server is away',
      'down',
    ]);
  });

  it('of a connection that answers nothing any more', async () => {
    feed.isSilent = true;
    const probed = feed.probe();
    await pass(1_000);
    expect(await probed).toBe(false);
    expect(told).toEqual(['staleFeed failed: the server did not answer within 1000 ms', 'down']);
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

describe('a feed of messages', () => {
  /** Starts again with a connection on which this happens to a message to itself. */
  async function reconnected(echo: boolean | Error): Promise<void> {
    feed.echo = echo;
    feed.cut();
    await pass(250);
    told.splice(0, 2);
  }

  it('is not up before a message to itself has arrived, and is tried again later', async () => {
    await reconnected(false);
    expect(told).toEqual([UNHEARD, 'down']);
    const { connections } = feed;
    await pass(LONG - 1);
    expect(feed.connections).toBe(connections);
    feed.echo = true;
    await pass(1);
    expect(told.slice(2)).toEqual(['staleFeed works', 'unheard works', 'up']);
  });

  it('is not up while no message can be sent, and is tried again soon', async () => {
    await reconnected(AWAY);
    expect(told).toEqual(['staleFeed failed: the server is away', 'down']);
    feed.echo = true;
    await pass(250);
    expect(told.slice(2)).toEqual(WORKS);
  });

  it('connects again if its messages no longer arrive, and reports it if that does not help', async () => {
    expect(await feed.prove()).toBe(true);
    feed.echo = false;
    expect(await feed.prove()).toBe(false);
    expect(told).toEqual(['staleFeed failed: a message that this process sent to itself did not arrive', 'down']);
    await pass(250);
    expect(told.slice(2)).toEqual([UNHEARD, 'down']);
  });

  it('stays up if a message to itself cannot be sent and the connection answers', async () => {
    feed.echo = AWAY;
    expect(await feed.prove()).toBe(true);
    feed.isSilent = true;
    const proved = feed.prove();
    await pass(1_000);
    expect(await proved).toBe(false);
  });
});
