import { describe, expect, it } from 'vitest';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { Session } from '../../src/sessions/session.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { DAY, MINUTE } from '../support/times.js';
import { ADA, CLIENT, Desk, guidsOf, refused, sessionIn } from './desk.js';

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

  it('is not shown if the session ended before it was stored', async () => {
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
