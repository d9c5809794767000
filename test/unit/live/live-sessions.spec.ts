import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FeedConnection, type FeedListener, MessageFeed } from '../../../src/events/message-feed.js';
import { SessionEvents } from '../../../src/events/session-events.js';
import { LiveSessions } from '../../../src/live/live-sessions.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { SessionRegistry } from '../../../src/sessions/session-registry.js';
import { MemorySessionStore } from '../../../src/storage/memory/memory-session.store.js';
import { SECRET } from '../../support/app.js';
import { DAY, FakeClock, HOUR } from '../../support/fake-clock.js';
import type { ListPage } from '../../../src/sessions/session-store.js';

const CLIENT = { userAgent: null, ip: null };

/** A store that counts readings, and can be away. */
class CountedStore extends MemorySessionStore {
  readings: string[] = [];
  isAway = false;
  /** Rows that lists gave. */
  rows = 0;
  /** The most readings that were under way at once. */
  most = 0;
  #underWay = 0;

  override async list(userId: string, ended: boolean, page: ListPage) {
    this.readings.push(ended ? `${userId} ended` : userId);
    this.#underWay += 1;
    this.most = Math.max(this.most, this.#underWay);
    try {
      await Promise.resolve();
      if (this.isAway) throw new Error('the database is away');
      const rows = await super.list(userId, ended, page);
      this.rows += rows.length;
      return rows;
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** What processes send each other, for a test to deliver, to lose, or to cut. */
class Wire extends MessageFeed {
  readonly sent: string[] = [];
  listener: FeedListener | undefined;

  override start(listener: FeedListener): void {
    this.listener = listener;
  }
  override async stop(): Promise<void> {
    this.listener = undefined;
  }
  override async publish(message: string): Promise<void> {
    this.sent.push(message);
  }
  protected override connect(): Promise<FeedConnection> {
    return Promise.reject(new Error('not used'));
  }
}

/** A process over the store: what it does, and what it tells those who watch. */
class Process {
  readonly events = new SessionEvents();
  readonly wire = new Wire();
  readonly registry: SessionRegistry;
  readonly live: LiveSessions;

  constructor(store: MemorySessionStore, clock: FakeClock, hasFeed = true) {
    const options = resolveOptions({ secret: SECRET, clock, idleTimeout: '1d' });
    this.registry = new SessionRegistry(store, options, clock, this.events);
    this.live = new LiveSessions(store, options.sessions, clock, this.events, hasFeed ? this.wire : undefined);
  }

  async open(userId = 'ada'): Promise<string> {
    const result = await this.registry.open({ userId, ticket: await this.registry.currentTicket(), ...CLIENT });
    if (!result.ok) throw new Error(result.reason);
    return result.session.guid;
  }

  async watch(guid: string, { userId = 'ada', since }: { userId?: string; since?: number } = {}) {
    const heard: string[] = [];
    const stop = await this.live.watch(
      { userId, guid },
      ({ type, session }) => {
        const reason = 'endReason' in session ? ` ${session.endReason}` : '';
        heard.push(`${type} ${session.current ? 'own' : session.guid}${reason}`);
      },
      since,
    );
    return { heard, stop };
  }
}

const settled = () => new Promise(setImmediate);
let store: CountedStore;
let clock: FakeClock;
let here: Process;
let there: Process;

beforeEach(() => {
  store = new CountedStore();
  clock = new FakeClock();
  here = new Process(store, clock);
  there = new Process(store, clock);
});
afterEach(() => Promise.all([here.live.stop(), there.live.stop()]));

/** Delivers what one process sent to the other. */
function deliver(from: Process, to: Process): void {
  for (const message of from.wire.sent.splice(0)) to.wire.listener?.heard(message);
}

describe('who watches', () => {
  it('hears of sign-ins, names and ends of the same user, and of nobody else', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    const other = await here.open();
    await settled();
    await here.registry.rename('ada', other, 'Kitchen');
    await settled();
    await here.registry.revoke('ada', other);
    await here.open('grace');
    await settled();
    expect(heard).toEqual([`session.opened ${other}`, `session.changed ${other}`, `session.revoked ${other} revoked`]);
  });

  it('hears the end of its own session last, with the reason', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    const other = await here.open();
    await settled();
    await here.registry.revokeAll('ada');
    await settled();
    expect(heard.slice(1)).toEqual([`session.revoked ${other} revoked_all`, 'session.revoked own revoked_all']);
  });

  it('hears at once that its session ended before it came', async () => {
    const own = await here.open();
    await here.registry.revoke('ada', own, 'reuse_detected');
    clock.advance(3 * HOUR);
    const { heard } = await here.watch(own);
    expect(heard).toEqual(['session.revoked own reuse_detected']);
  });

  it('hears what happened while it was away', async () => {
    const [own, former] = [await here.open(), await here.open()];
    const since = clock.now();
    clock.advance(5 * HOUR);
    const other = await here.open();
    await here.registry.revoke('ada', former);
    const { heard } = await here.watch(own, { since });
    expect(heard.sort()).toEqual(
      ['session.opened own', `session.opened ${other}`, `session.revoked ${former} revoked`].sort(),
    );
  });

  it('hears nothing once it stopped, and rows are read for nobody', async () => {
    const { heard, stop } = await here.watch(await here.open());
    stop();
    store.readings = [];
    await here.open();
    await settled();
    expect([heard, store.readings]).toEqual([[], []]);
  });

  it('is refused where the rows cannot be read, and then watches nothing', async () => {
    const own = await here.open();
    store.isAway = true;
    await expect(here.watch(own)).rejects.toThrow('the database is away');
    store.isAway = false;
    store.readings = [];
    await here.open();
    await settled();
    expect(store.readings).toEqual([]);
  });

  it('hears nothing once the app stopped, and nothing is started for it', async () => {
    const own = await here.open();
    await here.live.stop();
    store.readings = [];
    const { heard, stop } = await here.watch(own);
    await here.open();
    here.live.tick();
    await settled();
    stop();
    expect([heard, store.readings, here.wire.listener]).toEqual([[], [], undefined]);
  });

  it('costs one reading at a time, at whatever moment something happens', async () => {
    const own = await here.open();
    await here.watch(own);
    store.most = 0;
    for (let n = 0; n < 100; n++) {
      here.events.emit('opened', { userId: 'ada', guid: own, at: clock.now() });
      await Promise.resolve();
    }
    await settled();
    expect(store.most).toBe(1);
  });

  it('costs one reading for all sessions of a user, however much happens at once', async () => {
    const own = await here.open();
    const watching = await Promise.all([here.watch(own), here.watch(own), here.watch(await here.open())]);
    store.readings = [];
    for (let n = 0; n < 5; n++) await here.open();
    await settled();
    expect(store.readings.length).toBeLessThanOrEqual(5);
    for (const { heard } of watching.slice(0, 2)) expect(heard.slice(-5).every((one) => /opened/.test(one))).toBe(true);
  });
});

describe('of a user with more sessions than a page shows', () => {
  /** Signs in so many times, a millisecond apart. */
  async function openMany(count: number): Promise<string[]> {
    const guids: string[] = [];
    for (let turn = 0; turn < count; turn++) {
      clock.advance(1);
      guids.push(await here.open());
    }
    await settled();
    return guids;
  }

  it('no more is read than that page, and the one that watches', async () => {
    const own = await here.open();
    await openMany(150);
    await here.watch(own);
    store.rows = 0;
    clock.advance(1);
    await here.open();
    await settled();
    expect(store.rows).toBeLessThanOrEqual(100);
  });

  it('nobody hears of one that newer ones push out, and its end is still no sign-in', async () => {
    const own = await here.open();
    const pushed = await openMany(100);
    const { heard } = await here.watch(own);
    const newer = await openMany(2);
    expect(heard).toEqual(newer.map((guid) => `session.opened ${guid}`));
    heard.length = 0;
    await here.registry.revoke('ada', newer[0] as string);
    await settled();
    expect(heard).toEqual([`session.changed ${pushed[1]}`, `session.revoked ${newer[0]} revoked`]);
  });

  it('the end of each one in view is told, also where more ended than a page of those shows', async () => {
    const own = await here.open();
    const guids = await openMany(130);
    const { heard } = await here.watch(own);
    await here.registry.revokeOthers('ada', own);
    await settled();
    const told = heard.filter((one) => one.endsWith('revoked revoked') || one.endsWith(' revoked'));
    expect(told.sort()).toEqual(
      guids
        .slice(30)
        .map((guid) => `session.revoked ${guid} revoked`)
        .sort(),
    );
    heard.length = 0;
    await here.registry.revoke('ada', own);
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });
});

describe('several processes', () => {
  it('send each other word, and name the user alone', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    await there.registry.revoke('ada', own);
    await settled();
    expect(heard).toEqual([]);
    expect(there.wire.sent.map((message) => message.split(' ').at(-1))).toEqual(['ada']);
    deliver(there, here);
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('do not read twice for their own word', async () => {
    await here.watch(await here.open());
    await here.open();
    await settled();
    store.readings = [];
    deliver(here, here);
    await settled();
    expect(store.readings).toEqual([]);
  });

  it('tell everybody where everybody is concerned', async () => {
    const [ada, grace] = [await here.open(), await here.open('grace')];
    const watching = [await here.watch(ada), await here.watch(grace, { userId: 'grace' })];
    here.wire.listener?.up();
    await settled();
    await there.registry.revokeEverybody();
    deliver(there, here);
    await settled();
    for (const { heard } of watching) expect(heard).toEqual(['session.revoked own revoked_all']);
  });

  it('find by themselves what no word came of: at the next tick without a feed, and from time to time with one', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    await there.registry.revoke('ada', own);
    for (let n = 0; n < 100; n++) here.live.tick();
    await settled();
    expect(heard).toEqual([]);
    for (let n = 0; n < 250; n++) here.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);

    const alone = new Process(store, clock, false);
    const second = await alone.open();
    const watching = await alone.watch(second);
    await there.registry.revoke('ada', second);
    alone.live.tick();
    await settled();
    expect(watching.heard).toEqual(['session.revoked own revoked']);
    await alone.live.stop();
  });

  it('read again once word can be heard again', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    here.wire.listener?.down();
    await there.registry.revoke('ada', own);
    here.wire.listener?.up();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('try again where the rows could not be read', async () => {
    const own = await here.open();
    const { heard } = await here.watch(own);
    here.wire.listener?.up();
    await settled();
    store.isAway = true;
    await here.registry.revoke('ada', own);
    await settled();
    store.isAway = false;
    here.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own revoked']);
  });

  it('read a bounded number of users in a tick, each in turn', async () => {
    const alone = new Process(store, clock, false);
    for (let n = 0; n < 450; n++) await alone.watch(await alone.open(`user-${n}`), { userId: `user-${n}` });
    const read: string[][] = [];
    for (let n = 0; n < 3; n++) {
      store.readings = [];
      alone.live.tick();
      await settled();
      read.push(store.readings);
    }
    expect(read.map(({ length }) => length)).toEqual([200, 200, 200]);
    expect(new Set(read.flat()).size).toBe(450);
    await alone.live.stop();
  });

  it('see an end by time, when they read', async () => {
    const alone = new Process(store, clock, false);
    const own = await alone.open();
    const { heard } = await alone.watch(own);
    clock.advance(DAY + 1);
    alone.live.tick();
    await settled();
    expect(heard).toEqual(['session.revoked own idle']);
    await alone.live.stop();
  });
});
