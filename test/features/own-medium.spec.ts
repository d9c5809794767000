import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  type FeedChannel,
  type FeedConnection,
  type LiveNews,
  LiveSessions,
  MessageFeed,
  SharedMedium,
} from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { createClient } from 'redis';
import { startApp, type TestApp } from '../support/app.js';
import { signal } from '../support/signal.js';

/** Messages as another broker would carry them: within this process, one room of listeners a channel. */
class Bus extends SharedMedium {
  readonly carried: { channel: FeedChannel; listeners: number }[] = [];
  isOpen = false;
  readonly #listeners = new Map<FeedChannel, Set<(message: string) => void>>();

  override async open(): Promise<void> {
    this.isOpen = true;
  }
  override async close(): Promise<void> {
    this.isOpen = false;
  }
  override feed(channel: FeedChannel): MessageFeed {
    return new BusFeed(this, channel);
  }

  send(channel: FeedChannel, message: string): void {
    this.carried.push({ channel, listeners: this.listeners(channel).size });
    for (const hear of this.listeners(channel)) hear(message);
  }
  listeners(channel: FeedChannel): Set<(message: string) => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    return listeners;
  }
}

class BusFeed extends MessageFeed {
  constructor(
    private readonly bus: Bus,
    private readonly channel: FeedChannel,
  ) {
    super();
  }
  override async publish(message: string): Promise<void> {
    this.bus.send(this.channel, message);
  }
  protected override async connect(heard: (message: string) => void): Promise<FeedConnection> {
    this.bus.listeners(this.channel).add(heard);
    const close = async () => void this.bus.listeners(this.channel).delete(heard);
    return { probe: async () => {}, close };
  }
}

describe('a medium of the app', () => {
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });
  const start = async (options: Parameters<typeof startApp>[0]) => {
    const app = await startApp(options);
    apps.push(app);
    return app;
  };

  it('tells a process that watches what another one did, and is opened and closed with its apps', async () => {
    const bus = new Bus();
    const acting = await start({ options: { messages: bus } });
    const watching = await start({ options: { messages: bus }, file: acting.file, clock: acting.clock });
    expect(bus.isOpen).toBe(true);
    const { session } = await acting.client.signIn('ada');
    const heard = signal<LiveNews>();
    const watcher = { userId: 'id-of-ada', guid: session.guid };
    const stop = await watching.nest.get(LiveSessions).watch(watcher, heard.give);
    bus.carried.length = 0;
    expect(await acting.registry.rename('id-of-ada', session.guid, 'Kitchen')).toBeDefined();
    expect(await heard.given).toMatchObject({ type: 'session.changed', session: { name: 'Kitchen' } });
    expect(bus.carried).toEqual([{ channel: 'session_changes', listeners: 1 }]);
    stop();
    for (const app of apps.splice(0)) await app.close();
    expect(bus.isOpen).toBe(false);
  });

  it('may be Redis, on a channel of its own', async () => {
    const [url, prefix] = [process.env.TEST_REDIS_URL ?? '', `messages ${randomUUID()}:`];
    const acting = await start({ options: { messages: new SessionRedis({ url, prefix }) } });
    const { file, clock } = acting;
    const watching = await start({ options: { messages: new SessionRedis({ url, prefix }) }, file, clock });
    const { session } = await acting.client.signIn('ada');
    const heard = signal<LiveNews>();
    const watcher = { userId: 'id-of-ada', guid: session.guid };
    const stop = await watching.nest.get(LiveSessions).watch(watcher, heard.give);
    const redis = await createClient({ url }).connect();
    const listening = async () => (await redis.pubSubNumSub(`${prefix}session_changes`))[`${prefix}session_changes`];
    while ((await listening()) !== 1) await setImmediate();
    await acting.registry.rename('id-of-ada', session.guid, 'Kitchen');
    expect(await heard.given).toMatchObject({ session: { name: 'Kitchen' } });
    expect(await redis.pubSubNumSub(`${prefix}session_copies_stale`)).toEqual({ [`${prefix}session_copies_stale`]: 0 });
    stop();
    await redis.close();
  });

  it('refuses to boot for what it cannot do, and names the option', async () => {
    const boot = (revocation: object) => start({ options: { revocation } }).catch((error: unknown) => error);
    for (const [option, what] of [
      ['denylist', 'keep a denylist'],
      ['hotCopy', 'keep copies'],
    ] as const) {
      const refusal = await boot({ [option]: new Bus() });
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect(String(refusal)).toContain(`\`revocation.${option}\`: this medium cannot ${what}`);
    }
  });
});
