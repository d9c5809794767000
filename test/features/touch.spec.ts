import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { HOUR, MINUTE, SECOND } from '../support/times.js';
import { rowOf, verdictOf, watchWrites } from '../support/inspect.js';

const ADA = 'id-of-ada';
const CLIENT = { userAgent: 'Notes/2.0', ip: '10.0.0.2' };
const REQUEST = { ip: CLIENT.ip, headers: { 'user-agent': CLIENT.userAgent } };
const LIMITS = { idleTimeout: '30m', accessTtl: '1h' } as const;
let app: TestApp;
/** Another process over the same database, in a test that needs one. */
let second: TestApp | undefined;
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const keyOf = ({ session }: TokenPair) => ({ userId: ADA, guid: session.guid });
/** A request of this session that was let in, as far as `touch` is told of it. */
const request = ({ access_token }: TokenPair) => app.auth.authenticate(access_token, REQUEST);

afterEach(async () => {
  vi.restoreAllMocks();
  await second?.close();
  second = undefined;
  await app.close();
});

describe.each(ADAPTERS)('a busy session over HTTP (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  it('writes its row once for a thousand requests in a minute', async () => {
    const pair = await app.client.signIn();
    const { guid } = pair.session;
    app.clock.advance(2 * MINUTE);
    const firstRequest = app.clock.now();
    const writes = watchWrites(app);

    for (let round = 0; round < 100; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => app.client.profile(pair.access_token)));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      if (round === 50) await app.registry.flushTouches();
      app.clock.advance(599);
    }
    await app.registry.flushTouches();

    expect(writes(guid)).toBe(1);
    expect(rowOf(app, guid).lastActiveAt).toBe(firstRequest);

    app.clock.advance(100);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    await app.registry.flushTouches();
    expect(writes(guid)).toBe(2);
    expect(rowOf(app, guid).lastActiveAt).toBe(firstRequest + MINUTE);
  });

  it('changes nothing in its row by reading', async () => {
    const pair = await app.client.signIn();
    const { guid } = pair.session;
    const row = rowOf(app, guid);
    const writes = watchWrites(app);
    app.clock.advance(MINUTE - 1);
    for (const path of ['/profile', '/sessions', '/sessions?state=ended']) {
      const answer = await app.client.call('GET', path, { token: pair.access_token });
      expect(answer.status).toBe(200);
    }
    await app.registry.flushTouches();
    expect(writes()).toBe(0);
    expect(rowOf(app, guid)).toEqual(row);

    app.clock.advance(1);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    await app.registry.flushTouches();
    expect(rowOf(app, guid)).toEqual({ ...row, lastActiveAt: app.clock.now() });
  });

  it('shows in its list where it was active last, and from what', async () => {
    const pair = await app.client.signIn();
    app.clock.advance(MINUTE);
    const headers = { 'user-agent': CLIENT.userAgent };
    await app.client.call('GET', '/profile', { token: pair.access_token, headers });
    await app.registry.flushTouches();
    expect(rowOf(app, pair.session.guid)).toMatchObject({ userAgent: CLIENT.userAgent, lastActiveAt: app.clock.now() });
    const [view] = (await app.client.list(pair.access_token)).body;
    expect(view?.lastActiveAt).toBe(new Date(app.clock.now()).toISOString());
  });
});

describe('touch', () => {
  let pair: TokenPair;

  beforeEach(async () => {
    app = await startApp({ options: LIMITS });
    pair = await app.auth.login(ADA);
  });

  it('waits off the response path, and writes once for many notes of one session', async () => {
    app.clock.advance(2 * MINUTE);
    const row = rowOf(app, pair.session.guid);
    const notes = app.clock.now();
    await request(pair);
    expect(rowOf(app, pair.session.guid)).toEqual(row);
    for (let times = 0; times < 10; times++) await request(pair);
    expect(await app.registry.flushTouches()).toBe(1);
    expect(rowOf(app, pair.session.guid)).toEqual({ ...row, ...CLIENT, lastActiveAt: notes });
    expect(await app.registry.flushTouches()).toBe(0);
  });

  it('does not even ask the database about a session it was told of too soon', async () => {
    const asked = vi.spyOn(SqlSessionStore.prototype, 'touch');
    app.clock.advance(MINUTE - 1);
    await request(pair);
    expect(await app.registry.flushTouches()).toBe(0);
    expect(asked).not.toHaveBeenCalled();
    app.clock.advance(1);
    await request(pair);
    expect(await app.registry.flushTouches()).toBe(1);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('writes once for two processes in the same minute', async () => {
    second = await startApp({ file: app.file, clock: app.clock, options: LIMITS });
    const writes = watchWrites(app);
    app.clock.advance(2 * MINUTE);
    await request(pair);
    await second.auth.authenticate(pair.access_token, REQUEST);
    const written = await Promise.all([app.registry.flushTouches(), second.registry.flushTouches()]);
    expect(written.sort()).toEqual([0, 1]);
    expect(writes(pair.session.guid)).toBe(1);
  });

  it('writes hundreds of sessions in one go', async () => {
    const pairs = await Promise.all(Array.from({ length: 250 }, () => app.auth.login(ADA)));
    app.clock.advance(MINUTE);
    for (const each of pairs) await request(each);
    expect(await app.registry.flushTouches()).toBe(250);
    for (const each of pairs) expect(rowOf(app, each.session.guid).lastActiveAt).toBe(app.clock.now());
  });

  it("leaves another user's session alone", async () => {
    const bob = await app.auth.login('id-of-bob');
    const row = rowOf(app, bob.session.guid);
    app.clock.advance(2 * MINUTE);
    app.registry.touch(keyOf(bob), row.lastActiveAt, CLIENT);
    expect(await app.registry.flushTouches()).toBe(0);
    expect(rowOf(app, bob.session.guid)).toEqual(row);
    app.registry.touch({ userId: 'id-of-bob', guid: bob.session.guid }, row.lastActiveAt, CLIENT);
    expect(await app.registry.flushTouches()).toBe(1);
  });

  it('is judged by the configured interval', async () => {
    await app.close();
    app = await startApp({ options: { touchInterval: '1h', accessTtl: '2h' } });
    pair = await app.auth.login(ADA);
    app.clock.advance(HOUR - 1);
    await request(pair);
    expect(await app.registry.flushTouches()).toBe(0);
    app.clock.advance(1);
    await request(pair);
    expect(await app.registry.flushTouches()).toBe(1);
  });

  it('is written at shutdown', async () => {
    app.clock.advance(2 * MINUTE);
    second = await startApp({ file: app.file, clock: app.clock, options: LIMITS });
    await second.auth.authenticate(pair.access_token, REQUEST);
    await second.close();
    second = undefined;
    expect(rowOf(app, pair.session.guid)).toMatchObject({ ...CLIENT, lastActiveAt: app.clock.now() });
  });
});

describe('a touch that comes late', () => {
  let pair: TokenPair;
  let control: TokenPair;

  beforeEach(async () => {
    app = await startApp({ options: LIMITS });
    pair = await app.auth.login(ADA);
    control = await app.auth.login(ADA);
  });

  it('does not revive or change a session revoked between the request and the write', async () => {
    app.clock.advance(2 * MINUTE);
    await request(pair);
    await request(control);
    await app.registry.revoke(ADA, pair.session.guid);
    const row = rowOf(app, pair.session.guid);
    expect(row.endReason).toBe('revoked');

    app.clock.advance(SECOND);
    await app.registry.flushTouches();

    expect(rowOf(app, pair.session.guid)).toEqual(row);
    expect(await using(pair)).toBe('session_ended');
    expect(rowOf(app, control.session.guid).lastActiveAt).toBe(app.clock.now() - SECOND);
  });

  it('does not revive or change a session revoked between the check and the note', async () => {
    const { lastActiveAt } = rowOf(app, pair.session.guid);
    app.clock.advance(2 * MINUTE);
    await app.auth.logout({ accessToken: pair.access_token });
    const row = rowOf(app, pair.session.guid);
    app.registry.touch(keyOf(pair), lastActiveAt, CLIENT);
    app.registry.touch(keyOf(control), lastActiveAt, CLIENT);
    expect(await app.registry.flushTouches()).toBe(1);
    expect(rowOf(app, pair.session.guid)).toEqual(row);
    expect(rowOf(app, control.session.guid)).toMatchObject(CLIENT);
  });

  it('does not revive a session that went idle before the write', async () => {
    const { lastActiveAt } = rowOf(app, pair.session.guid);
    app.clock.advance(30 * MINUTE - 1);
    app.registry.touch(keyOf(control), lastActiveAt, CLIENT);
    expect(await app.registry.flushTouches()).toBe(1);
    app.registry.touch(keyOf(pair), lastActiveAt, CLIENT);
    const row = rowOf(app, pair.session.guid);
    app.clock.advance(1);

    expect(await app.registry.flushTouches()).toBe(0);

    expect(rowOf(app, pair.session.guid)).toEqual(row);
    expect([await using(pair), await using(control)]).toEqual(['session_idle', 'accepted']);
  });

  it('does not move the absolute end', async () => {
    const { expiresAt } = rowOf(app, pair.session.guid);
    app.clock.advance(2 * MINUTE);
    await request(pair);
    expect(await app.registry.flushTouches()).toBe(1);
    expect(rowOf(app, pair.session.guid).expiresAt).toBe(expiresAt);
  });

  it('never moves "last active" back', async () => {
    const { lastActiveAt } = rowOf(app, pair.session.guid);
    app.clock.advance(5 * MINUTE);
    app.registry.touch(keyOf(pair), lastActiveAt, CLIENT);
    app.clock.advance(MINUTE);
    await app.auth.refresh(pair.refresh_token);
    const row = rowOf(app, pair.session.guid);
    expect(row.lastActiveAt).toBe(app.clock.now());
    expect(await app.registry.flushTouches()).toBe(0);
    expect(rowOf(app, pair.session.guid)).toEqual(row);
  });
});
