import { describe, expect, it } from '@jest/globals';
import { type SessionEventName, SessionEvents } from '../../src/events/session-events.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { ClientInfo } from '../../src/sessions/client-info.js';
import type { Session } from '../../src/sessions/session.js';
import { SessionRegistry, type SignIn } from '../../src/sessions/session-registry.js';
import type { SessionResult } from '../../src/sessions/session-result.js';
import type { Rotation, SessionKey } from '../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { DAY, FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.js';

const ADA = 'ada';
const CLIENT = { userAgent: 'Notes/2.0', ip: '192.0.2.9' };
const NOTHING = { userAgent: null, ip: null };
const NAMES: SessionEventName[] = ['opened', 'renewed', 'repeated', 'reused', 'revoked', 'purged'];
const SECRET = 'a test secret of more than thirty-two bytes';

/** A registry over memory, and what its events tell. */
class Desk {
  readonly clock = new FakeClock();
  readonly told: (object & { name: SessionEventName })[] = [];
  readonly registry: SessionRegistry;

  constructor(
    options: Partial<AuthModuleOptions> = {},
    readonly store = new MemorySessionStore(),
  ) {
    const events = new SessionEvents();
    for (const name of NAMES) events.on(name, (event) => this.told.push({ name, ...event }));
    const resolved = resolveOptions({ secret: SECRET, clock: this.clock, idleTimeout: '1d', ...options });
    this.registry = new SessionRegistry(store, resolved, this.clock, events);
  }

  attempt(signIn: Partial<SignIn> = {}): Promise<SessionResult> {
    return this.registry.open({ userId: ADA, ticket: 0, ...NOTHING, ...signIn });
  }

  /** Opens a session, and forgets that this was told. */
  async open(signIn: Partial<SignIn> = {}): Promise<Session> {
    const session = sessionIn(await this.attempt(signIn));
    this.told.length = 0;
    return session;
  }

  /** Renews a session, and forgets that this was told. */
  async renew({ userId, guid, refTokID }: Session): Promise<Session> {
    const session = sessionIn(await this.registry.renew({ userId, guid }, refTokID, NOTHING));
    this.told.length = 0;
    return session;
  }

  row({ userId, guid }: SessionKey): Promise<Session | undefined> {
    return this.store.find({ userId, guid });
  }
}

function sessionIn(result: SessionResult): Session {
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.session;
}

const keyOf = ({ userId, guid }: Session): SessionKey => ({ userId, guid });
const guidsOf = (views: { guid: string }[]): string[] => views.map(({ guid }) => guid);
const refused = (reason: string) => ({ ok: false, reason });

describe('a session that opens', () => {
  it('is stored with all it is given, live and unused', async () => {
    const desk = new Desk();
    const signIn = { ticket: 7, deviceName: '  My\nlaptop ', ...CLIENT };
    const session = await desk.open(signIn);
    const now = desk.clock.now();
    expect(session).toEqual({
      ...{ guid: expect.any(String), refTokID: expect.any(String), userId: ADA, ticket: 7, name: 'My laptop' },
      ...{ predecessor: null, rotatedAt: null, usedAt: null, endedAt: null, endReason: null, ...CLIENT },
      ...{ createdAt: now, lastActiveAt: now, expiresAt: now + 30 * DAY, purgeAt: now + DAY },
    });
    expect(await desk.row(session)).toEqual(session);
    expect((await desk.open()).guid).not.toBe(session.guid);
  });

  it.each<[Partial<AuthModuleOptions>, number]>([
    [{ idleTimeout: null }, 30 * DAY],
    [{ idleTimeout: '3d', absoluteTimeout: '20d' }, 3 * DAY],
    [{ idleTimeout: null, absoluteTimeout: '20d' }, 20 * DAY],
  ])('is looked at by purge when it may be over at the earliest (%j)', async (options, wait) => {
    const desk = new Desk(options);
    expect((await desk.open()).purgeAt).toBe(desk.clock.now() + wait);
  });

  it('is told of, once', async () => {
    const desk = new Desk();
    const result = await desk.attempt();
    const { guid } = sessionIn(result);
    expect(result).toMatchObject({ ok: true, repeated: false });
    expect(desk.told).toEqual([{ name: 'opened', userId: ADA, guid, at: desk.clock.now() }]);
  });

  it('ends its forerunner as replaced, and tells so first', async () => {
    const desk = new Desk();
    const former = await desk.open();
    desk.clock.advance(MINUTE);
    const { guid } = sessionIn(await desk.attempt({ replaces: former.guid }));
    const at = desk.clock.now();
    expect(await desk.row(former)).toMatchObject({ endedAt: at, endReason: 'replaced' });
    expect(desk.told).toEqual([
      { name: 'revoked', userId: ADA, guid: former.guid, reason: 'replaced', count: 1, at },
      { name: 'opened', userId: ADA, guid, at },
    ]);
  });

  it('ends those one too many as evicted, and tells of each', async () => {
    const desk = new Desk({ maxSessions: 1 });
    const former = await desk.open();
    desk.clock.advance(MINUTE);
    const { guid } = sessionIn(await desk.attempt());
    const at = desk.clock.now();
    expect(await desk.row(former)).toMatchObject({ endedAt: at, endReason: 'evicted' });
    expect(desk.told).toEqual([
      { name: 'revoked', userId: ADA, guid: former.guid, reason: 'evicted', count: 1, at },
      { name: 'opened', userId: ADA, guid, at },
    ]);
  });

  it.each([
    [-1, 'session_limit'],
    [0, 'opened'],
  ])('finds no room where there is none, and room when another went idle (%i ms)', async (offset, expected) => {
    const desk = new Desk({ maxSessions: 1, whenFull: 'reject' });
    await desk.open();
    desk.clock.advance(DAY + offset);
    const result = await desk.attempt();
    expect(result.ok ? 'opened' : result.reason).toBe(expected);
    expect(desk.told).toHaveLength(result.ok ? 1 : 0);
  });

  it('is refused when the user was cut off since its ticket', async () => {
    const desk = new Desk();
    const ticket = await desk.registry.currentTicket();
    await desk.registry.revokeAll(ADA);
    expect(await desk.attempt({ ticket })).toEqual(refused('cut_off'));
    expect(desk.told).toEqual([]);
    expect((await desk.attempt({ ticket: await desk.registry.currentTicket() })).ok).toBe(true);
  });
});

describe('a renewal', () => {
  it('gives the session a new generation and the client it came from', async () => {
    const desk = new Desk();
    const session = await desk.open();
    desk.clock.advance(MINUTE);
    const at = desk.clock.now();
    const result = await desk.registry.renew(keyOf(session), session.refTokID, CLIENT);
    const { refTokID } = sessionIn(result);
    expect(refTokID).not.toBe(session.refTokID);
    const rotated = { refTokID, predecessor: session.refTokID, rotatedAt: at, lastActiveAt: at, ...CLIENT };
    expect(result).toEqual({ ok: true, repeated: false, session: { ...session, ...rotated } });
    expect(desk.told).toEqual([{ name: 'renewed', userId: ADA, guid: session.guid, client: CLIENT, at }]);
  });

  it('of a session nobody has is refused', async () => {
    const desk = new Desk();
    const result = desk.registry.renew({ userId: ADA, guid: 'none' }, 'any', NOTHING);
    expect(await result).toEqual(refused('session_unknown'));
    expect(desk.told).toEqual([]);
  });

  it.each<[string, number, Partial<AuthModuleOptions>]>([
    ['session_idle', DAY, {}],
    ['session_expired', 30 * DAY, { idleTimeout: null }],
  ])('is refused with %s from then on', async (reason, wait, options) => {
    const desk = new Desk(options);
    const [early, late] = [await desk.open(), await desk.open()];
    desk.clock.advance(wait - 1);
    expect((await desk.registry.renew(keyOf(early), early.refTokID, NOTHING)).ok).toBe(true);
    desk.clock.advance(1);
    expect(await desk.registry.renew(keyOf(late), late.refTokID, NOTHING)).toEqual(refused(reason));
  });

  it('of a session that was ended is refused, and changes nothing', async () => {
    const desk = new Desk();
    const session = await desk.open();
    await desk.registry.revoke(ADA, session.guid);
    desk.told.length = 0;
    expect(await desk.registry.renew(keyOf(session), session.refTokID, NOTHING)).toEqual(refused('session_ended'));
    expect(desk.told).toEqual([]);
  });

  it('by the predecessor gives the same successor again', async () => {
    const desk = new Desk();
    const former = await desk.open();
    const latter = await desk.renew(former);
    desk.clock.advance(HOUR);
    const result = await desk.registry.renew(keyOf(former), former.refTokID, CLIENT);
    expect(result).toEqual({ ok: true, session: latter, repeated: true });
    const at = desk.clock.now();
    expect(desk.told).toEqual([{ name: 'repeated', userId: ADA, guid: former.guid, client: CLIENT, at }]);
  });

  it.each<[string, Partial<AuthModuleOptions>, Partial<ClientInfo>]>([
    ['without the address, with recordIp: false', { recordIp: false }, { ip: null }],
    ['without the User-Agent, with recordUserAgent: false', { recordUserAgent: false }, { userAgent: null }],
  ])('tells who asked %s', async (_, options, left) => {
    const desk = new Desk(options);
    const former = await desk.open();
    for (let times = 0; times < 2; times++) await desk.registry.renew(keyOf(former), former.refTokID, CLIENT);
    expect(desk.told).toMatchObject([
      { name: 'renewed', client: { ...CLIENT, ...left } },
      { name: 'repeated', client: { ...CLIENT, ...left } },
    ]);
  });

  it('by anything older ends the session', async () => {
    const desk = new Desk();
    const first = await desk.open();
    await desk.renew(await desk.renew(first));
    desk.clock.advance(MINUTE);
    const at = desk.clock.now();
    expect(await desk.registry.renew(keyOf(first), first.refTokID, NOTHING)).toEqual(refused('reuse_detected'));
    expect(await desk.row(first)).toMatchObject({ endedAt: at, endReason: 'reuse_detected' });
    expect(desk.told).toEqual([
      { name: 'reused', userId: ADA, guid: first.guid, client: NOTHING, at },
      { name: 'revoked', userId: ADA, guid: first.guid, reason: 'reuse_detected', count: 1, at },
    ]);
  });

  it.each([
    [-1, 'repeated'],
    [0, 'reused'],
  ])('by the predecessor of a used successor counts within reuseInterval only (%i ms)', async (offset, expected) => {
    const desk = new Desk({ reuseInterval: '10s' });
    const former = await desk.open();
    const latter = await desk.renew(former);
    await desk.store.markUsed(keyOf(latter), latter.refTokID, desk.clock.now());
    desk.clock.advance(10 * SECOND + offset);
    await desk.registry.renew(keyOf(former), former.refTokID, NOTHING);
    expect(desk.told[0]?.name).toBe(expected);
  });

  it('by an old token is told once, where another process ended the session first', async () => {
    const desk = new Desk({}, new EndedElsewhere());
    const first = await desk.open();
    await desk.renew(await desk.renew(first));
    expect(await desk.registry.renew(keyOf(first), first.refTokID, NOTHING)).toEqual(refused('reuse_detected'));
    expect(desk.told).toEqual([]);
  });

  it('of a session that was idle is refused, though it was touched a moment later', async () => {
    const desk = new Desk({}, new TouchedTooLate());
    const session = await desk.open();
    desk.clock.advance(DAY);
    expect(await desk.registry.renew(keyOf(session), session.refTokID, NOTHING)).toEqual(refused('session_idle'));
    expect(await desk.row(session)).toMatchObject({ endedAt: null, refTokID: session.refTokID });
    expect(desk.told).toEqual([]);
  });
});

/** A store whose sessions end in another process just before they would here. */
class EndedElsewhere extends MemorySessionStore {
  override async end(): Promise<'over'> {
    return 'over';
  }
}

/** A store whose idle sessions are touched right after a swap was refused. */
class TouchedTooLate extends MemorySessionStore {
  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const rotated = await super.rotate(rotation);
    const { userId, guid, at } = rotation;
    await super.touch([{ userId, guid, ...NOTHING, at }], { touchInterval: 0, at, idleBefore: 0 });
    return rotated;
  }
}

describe('the lists of sessions', () => {
  /** Opens sessions a minute apart, each last active when it was opened. */
  async function openThree(desk: Desk): Promise<[Session, Session, Session]> {
    const open = async () => {
      desk.clock.advance(MINUTE);
      return desk.open();
    };
    return [await open(), await open(), await open()];
  }

  it('of live ones begins with the one that asks, and goes on with the last active', async () => {
    const desk = new Desk();
    const [first, second, third] = await openThree(desk);
    const byActivity = [third.guid, second.guid, first.guid];
    expect(guidsOf(await desk.registry.list(ADA))).toEqual(byActivity);
    expect(guidsOf(await desk.registry.list(ADA, { current: third.guid }))).toEqual(byActivity);
    const views = await desk.registry.list(ADA, { current: first.guid });
    expect(guidsOf(views)).toEqual([first.guid, third.guid, second.guid]);
    expect(views.map(({ current }) => current)).toEqual([true, false, false]);
    const middle = await desk.registry.list(ADA, { current: second.guid });
    expect(guidsOf(middle)).toEqual([second.guid, third.guid, first.guid]);
  });

  it('of live ones leaves out what ended, went idle or is of another user', async () => {
    const desk = new Desk();
    const [first, second, third] = await openThree(desk);
    await desk.open({ userId: 'bob' });
    await desk.registry.revoke(ADA, third.guid);
    desk.clock.advance(DAY - 2 * MINUTE);
    expect(guidsOf(await desk.registry.list(ADA))).toEqual([second.guid]);
    expect(guidsOf(await desk.registry.listEnded(ADA))).toEqual([first.guid, third.guid]);
  });

  it('of ended ones tells when and why, last ended first', async () => {
    const desk = new Desk();
    const [first, second, third] = await openThree(desk);
    const revokedAt = desk.clock.now();
    await desk.registry.revoke(ADA, second.guid, 'signed_out');
    desk.clock.advance(DAY);
    const views = await desk.registry.listEnded(ADA);
    const ends = views.map(({ guid, current, endedAt, endReason }) => [guid, current, Date.parse(endedAt), endReason]);
    expect(ends).toEqual([
      [third.guid, false, third.lastActiveAt + DAY, 'idle'],
      [first.guid, false, first.lastActiveAt + DAY, 'idle'],
      [second.guid, false, revokedAt, 'signed_out'],
    ]);
    expect(await desk.registry.list(ADA)).toEqual([]);
  });

  it('show a session by its name, or else by its device', async () => {
    const desk = new Desk();
    const { guid } = await desk.open({ userAgent: 'Notes/2.0', ip: '192.0.2.9' });
    const [now, end] = [desk.clock.now(), desk.clock.now() + 30 * DAY].map((at) => new Date(at).toISOString());
    const view = {
      ...{ guid, current: false, name: 'Notes', ip: '192.0.2.9' },
      ...{ device: { type: 'app', browser: 'Notes', os: null }, createdAt: now, lastActiveAt: now, expiresAt: end },
    };
    expect(await desk.registry.list(ADA)).toEqual([view]);
    await desk.registry.rename(ADA, guid, 'Desk');
    expect(await desk.registry.list(ADA)).toEqual([{ ...view, name: 'Desk' }]);
  });
});

describe('a new name', () => {
  it('is cleaned, stored, and shown to who gave it', async () => {
    const desk = new Desk();
    const session = await desk.open();
    const view = await desk.registry.rename(ADA, session.guid, '  My\nlaptop ', session.guid);
    expect(view).toMatchObject({ guid: session.guid, name: 'My laptop', current: true });
    expect(await desk.row(session)).toEqual({ ...session, name: 'My laptop' });
    expect(await desk.registry.rename(ADA, session.guid, 'Desk')).toMatchObject({ name: 'Desk', current: false });
  });

  it('is not taken when nothing is left of it', async () => {
    const desk = new Desk();
    const session = await desk.open({ deviceName: 'Desk' });
    expect(await desk.registry.rename(ADA, session.guid, ' \n ')).toBeUndefined();
    expect(await desk.row(session)).toEqual(session);
  });

  it('is not taken for a session of another user, nor for none', async () => {
    const desk = new Desk();
    const session = await desk.open();
    expect(await desk.registry.rename('bob', session.guid, 'Desk')).toBeUndefined();
    expect(await desk.registry.rename(ADA, 'none', 'Desk')).toBeUndefined();
    expect(await desk.row(session)).toEqual(session);
  });

  it('is not taken for a session that ended, were it by time alone', async () => {
    const desk = new Desk();
    const [ended, idle] = [await desk.open(), await desk.open()];
    await desk.registry.revoke(ADA, ended.guid);
    expect(await desk.registry.rename(ADA, ended.guid, 'Desk')).toBeUndefined();
    desk.clock.advance(DAY);
    expect(await desk.registry.rename(ADA, idle.guid, 'Desk')).toBeUndefined();
    expect((await desk.row(idle))?.name).toBeNull();
  });

  it('is not shown where the session ended before it was stored', async () => {
    class Ending extends MemorySessionStore {
      override async rename(): Promise<boolean> {
        return false;
      }
    }
    const desk = new Desk({}, new Ending());
    const { guid } = await desk.open();
    expect(await desk.registry.rename(ADA, guid, 'Desk')).toBeUndefined();
  });
});

describe('a revocation', () => {
  it('ends the session once, and is true again when it is repeated', async () => {
    const desk = new Desk();
    const session = await desk.open();
    const at = desk.clock.now();
    expect(await desk.registry.revoke(ADA, session.guid)).toBe(true);
    desk.clock.advance(MINUTE);
    expect(await desk.registry.revoke(ADA, session.guid, 'signed_out')).toBe(true);
    expect(await desk.row(session)).toMatchObject({ endedAt: at, endReason: 'revoked' });
    const { guid } = session;
    expect(desk.told).toEqual([{ name: 'revoked', userId: ADA, guid, reason: 'revoked', count: 1, at }]);
  });

  it('of a session the user does not have is false', async () => {
    const desk = new Desk();
    const session = await desk.open();
    expect(await desk.registry.revoke('bob', session.guid)).toBe(false);
    expect(await desk.registry.revoke(ADA, 'none')).toBe(false);
    expect(desk.told).toEqual([]);
    expect(await desk.row(session)).toEqual(session);
  });

  it.each([
    [undefined, undefined],
    [{}, undefined],
    [{ accessTokens: false }, undefined],
    [{ accessTokens: true }, 5 * MINUTE + MINUTE],
  ])('cuts access tokens off for as long as they last where it is told to (%j)', async (options, kept) => {
    const desk = new Desk();
    const session = await desk.open();
    const ends: (number | undefined)[] = [];
    const { end } = desk.store;
    desk.store.end = (key, ending) => {
      ends.push(ending.cutUntil);
      return end.call(desk.store, key, ending);
    };
    expect(await desk.registry.revoke(ADA, session.guid, 'signed_out', options)).toBe(true);
    expect(ends).toEqual([kept && desk.clock.now() + kept]);
    const mark = await desk.store.cutoffOf(keyOf(session));
    expect(mark.ticket).toBe(kept ? Number.MAX_SAFE_INTEGER : 0);
    expect(desk.told).toMatchObject([{ name: 'revoked', guid: session.guid, reason: 'signed_out' }]);
  });

  it('of one that went idle tells no end, and leaves it idle', async () => {
    const desk = new Desk();
    const session = await desk.open();
    desk.clock.advance(DAY);
    expect(await desk.registry.revoke(ADA, session.guid)).toBe(true);
    expect(await desk.row(session)).toMatchObject({ endedAt: session.lastActiveAt + DAY, endReason: 'idle' });
    expect(desk.told).toEqual([]);
  });
});

describe('a cutoff', () => {
  it.each<[string, (registry: SessionRegistry, keep: string) => Promise<number>]>([
    ['revoked', (registry, keep) => registry.revokeOthers(ADA, keep)],
    ['credentials_changed', (registry, keep) => registry.credentialsChanged(ADA, { keep })],
  ])('of the others spares the one kept, and is told once for all (%s)', async (reason, cutOff) => {
    const desk = new Desk();
    const [kept, one, two] = [await desk.open(), await desk.open(), await desk.open()];
    const bob = await desk.open({ userId: 'bob' });
    expect(await cutOff(desk.registry, kept.guid)).toBe(2);
    const at = desk.clock.now();
    expect(desk.told).toEqual([{ name: 'revoked', userId: ADA, except: kept.guid, reason, count: 2, at }]);
    expect(guidsOf(await desk.registry.list(ADA))).toEqual([kept.guid]);
    for (const ended of [one, two]) expect(await desk.row(ended)).toMatchObject({ endedAt: at, endReason: reason });
    expect(await desk.row(bob)).toEqual(bob);
  });

  it.each<[string, (registry: SessionRegistry) => Promise<number>]>([
    ['revoked_all', (registry) => registry.revokeAll(ADA)],
    ['user_disabled', (registry) => registry.revokeAll(ADA, 'user_disabled')],
    ['credentials_changed', (registry) => registry.credentialsChanged(ADA)],
  ])('of all spares none, and names none (%s)', async (reason, cutOff) => {
    const desk = new Desk();
    const session = await desk.open();
    expect(await cutOff(desk.registry)).toBe(1);
    expect(desk.told).toEqual([{ name: 'revoked', userId: ADA, reason, count: 1, at: desk.clock.now() }]);
    expect(await desk.row(session)).toMatchObject({ endReason: reason });
  });

  it('of everybody spares none, and is told once, of no user', async () => {
    const desk = new Desk();
    const sessions = [await desk.open(), await desk.open(), await desk.open({ userId: 'bob' })];
    expect(await desk.registry.revokeEverybody()).toBe(3);
    const at = desk.clock.now();
    expect(desk.told).toEqual([{ name: 'revoked', reason: 'revoked_all', count: 3, at }]);
    for (const ended of sessions)
      expect(await desk.row(ended)).toMatchObject({ endedAt: at, endReason: 'revoked_all' });
    await desk.open({ userId: 'bob', ticket: await desk.registry.currentTicket() });
    expect(await desk.registry.revokeEverybody('credentials_changed')).toBe(1);
    expect(desk.told).toMatchObject([{ name: 'revoked', reason: 'credentials_changed', count: 1 }]);
    expect(await desk.registry.revokeEverybody()).toBe(0);
    expect(desk.told).toHaveLength(1);
  });

  it.each<[string, (registry: SessionRegistry, nobody: never) => Promise<number>]>([
    ['revokeAll', (registry, nobody) => registry.revokeAll(nobody)],
    ['revokeOthers', (registry, nobody) => registry.revokeOthers(nobody, 'one')],
    ['credentialsChanged', (registry, nobody) => registry.credentialsChanged(nobody)],
    ['forget', (registry, nobody) => registry.forget(nobody)],
  ])('of a user who was not named is refused, and not taken for one of everybody (%s)', async (_, cutOff) => {
    const desk = new Desk();
    const session = await desk.open();
    for (const nobody of [null, undefined, '']) {
      const cutting = cutOff(desk.registry, nobody as never);
      await expect(cutting).rejects.toThrow(/^A user id is .*`SessionRegistry\.revokeEverybody`\.$/);
    }
    expect(await desk.row(session)).toEqual(session);
    expect(await desk.registry.currentTicket()).toBe(0);
  });

  it('that ends nothing tells nothing', async () => {
    const desk = new Desk();
    const { guid } = await desk.open();
    expect(await desk.registry.revokeOthers(ADA, guid)).toBe(0);
    desk.clock.advance(DAY);
    expect(await desk.registry.revokeAll(ADA)).toBe(0);
    expect(desk.told).toEqual([]);
  });
});

describe('a touch', () => {
  it('is written when it is asked for, with the client that was seen', async () => {
    const desk = new Desk();
    const session = await desk.open();
    desk.clock.advance(HOUR);
    desk.registry.touch(keyOf(session), session.lastActiveAt, CLIENT);
    expect(await desk.row(session)).toEqual(session);
    expect(await desk.registry.flushTouches()).toBe(1);
    expect(await desk.row(session)).toEqual({ ...session, ...CLIENT, lastActiveAt: desk.clock.now() });
  });
});

describe('a purge', () => {
  const PURGE = { batch: 2, retention: '7d' } as const;

  it.each([1, 2, 3, 4, 5])('deletes %i dead sessions in batches of two, and tells once', async (dead) => {
    const desk = new Desk({ purge: PURGE });
    for (let count = 0; count < dead; count++) await desk.open();
    desk.clock.advance(DAY + 7 * DAY);
    const live = await desk.open();
    expect(await desk.registry.purge()).toBe(dead);
    expect(desk.told).toEqual([{ name: 'purged', count: dead, at: desk.clock.now() }]);
    expect(await desk.row(live)).toEqual(live);
  });

  it('leaves a dead session until its retention is over, and then tells of no purge', async () => {
    const desk = new Desk({ purge: PURGE });
    const session = await desk.open();
    desk.clock.advance(DAY + 7 * DAY - 1);
    expect(await desk.registry.purge()).toBe(0);
    expect(await desk.row(session)).toEqual(session);
    expect(desk.told).toEqual([]);
    desk.clock.advance(1);
    expect(await desk.registry.purge()).toBe(1);
    expect(await desk.row(session)).toBeUndefined();
  });
});
