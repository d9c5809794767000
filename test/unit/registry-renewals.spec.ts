import { describe, expect, it } from 'vitest';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { ClientInfo } from '../../src/sessions/client-info.js';
import type { Session } from '../../src/sessions/session.js';
import type { Rotation } from '../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/times.js';
import { ADA, CLIENT, Desk, keyOf, NOTHING, refused, sessionIn } from './desk.js';

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

  it('of an unknown session is refused', async () => {
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

  it('by an old token is reported once if another process ended the session first', async () => {
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
