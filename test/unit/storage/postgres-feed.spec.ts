import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ListeningPool, PostgresFeed } from '../../../src/storage/connections/postgres.feed.js';
import type { SqlDatabase } from '../../../src/storage/sql/sql-database.js';

type Hear = (message: { channel: string; payload?: string }) => void;

/** A server as connections see it: who listens on which channel. `loses`: as behind a pooler in transaction mode. */
class Server {
  readonly listening = new Map<string, Hear>();
  readonly sent: string[] = [];
  loses = false;

  notify(channel: string, payload: string): void {
    this.sent.push(channel);
    if (!this.loses) this.listening.get(channel)?.({ channel, payload });
  }
}

function poolOf(server: Server): ListeningPool {
  class Client {
    #hear: Hear = () => {};
    async connect() {}
    async end() {}
    async query(sql: string) {
      server.listening.set(sql.replace('LISTEN ', ''), this.#hear);
    }
    on(event: string, listener: Hear | (() => void)) {
      if (event === 'notification') this.#hear = listener as Hear;
    }
  }
  return { options: {}, Client };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
let server: Server;
let feed: PostgresFeed;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  told = [];
  const rows = async (_sql: string, [channel, payload]: readonly unknown[]) => {
    server.notify(String(channel), String(payload));
    return [];
  };
  feed = new PostgresFeed(poolOf(server), { rows } as unknown as SqlDatabase, 'session_changes');
});
afterEach(async () => {
  await feed.stop();
  vi.useRealTimers();
});

function start(): void {
  feed.start({ heard: (message) => told.push(message), up: () => told.push('up'), down: () => told.push('down') });
}

describe('the messages of PostgreSQL', () => {
  it('count as heard once a message of the process to itself has arrived, which no listener hears', async () => {
    start();
    await pass(0);
    expect(server.sent).toEqual([expect.stringMatching(/^session_echo_[0-9a-f]{32}$/)]);
    await feed.publish('word');
    expect(told).toEqual(['up', 'word']);
  });

  it('do not count as heard if it does not arrive in two seconds, until it does half a minute later', async () => {
    server.loses = true;
    start();
    await pass(1_999);
    expect(told).toEqual([]);
    await pass(2);
    expect(told).toEqual(['down']);
    server.loses = false;
    await pass(30_000);
    expect(told).toEqual(['down', 'up']);
  });

  it('are proven again and again on one channel', async () => {
    start();
    await pass(0);
    expect(await feed.prove()).toBe(true);
    expect(new Set(server.sent).size).toBe(1);
    server.loses = true;
    const proved = feed.prove();
    await pass(2_001);
    expect(await proved).toBe(false);
    expect(told).toEqual(['up', 'down']);
  });
});
