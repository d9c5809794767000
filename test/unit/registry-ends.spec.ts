import { describe, expect, it } from 'vitest';
import { SessionRegistry } from '../../src/sessions/session-registry.js';
import { DAY, MINUTE } from '../support/times.js';
import { ADA, Desk, guidsOf, keyOf } from './desk.js';

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
