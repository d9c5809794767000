import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf, type ErrorBody } from '../support/client.js';
import { DAY, MINUTE } from '../support/times.js';
import { eventsNamed, rowOf, verdictOf, watchWrites } from '../support/inspect.js';

const ADA = 'id-of-ada';
let app: TestApp;

async function start(given: TestAppOptions = {}): Promise<void> {
  app = await startApp(given);
}

const generationOf = ({ refresh_token }: TokenPair) => claimsOf(refresh_token).refTokID;
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));

/** A session that was renewed, its predecessor and its successor; nothing of the successor was used. */
async function renewed(): Promise<{ guid: string; former: TokenPair; latter: TokenPair }> {
  const former = await app.auth.login(ADA);
  const latter = await app.auth.refresh(former.refresh_token);
  return { guid: former.session.guid, former, latter };
}

afterEach(() => app.close());

describe.each(ADAPTERS)('renewal over HTTP (%s)', (adapter) => {
  beforeEach(() => start({ adapter }));

  it('answers twenty parallel refreshes of one token with one and the same successor', async () => {
    const pair = await app.client.signIn();
    const { guid } = pair.session;
    const writes = watchWrites(app);

    const answers = await Promise.all(Array.from({ length: 20 }, () => app.client.refresh(pair.refresh_token)));

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const successors = new Set(
      answers.flatMap(({ body }) =>
        [body.refresh_token, body.access_token].map(claimsOf).map(({ refTokID }) => refTokID),
      ),
    );
    expect([...successors]).toEqual([rowOf(app, guid).refTokID]);
    expect(rowOf(app, guid).predecessor).toBe(generationOf(pair));
    expect(writes(guid)).toBe(1);
    const client = { userAgent: expect.stringContaining('Chrome/142'), ip: '127.0.0.1' };
    const told = { userId: ADA, guid, client, at: app.clock.now() };
    expect(eventsNamed(app, 'renewed')).toEqual([told]);
    expect(eventsNamed(app, 'repeated')).toEqual(Array(19).fill(told));
  });

  it('keeps one chain alive through rounds of parallel refreshes', async () => {
    let pair = await app.client.signIn();
    for (let round = 0; round < 5; round++) {
      const token = pair.refresh_token;
      const answers = await Promise.all(Array.from({ length: 5 }, () => app.client.refresh(token)));
      expect(new Set(answers.map(({ body }) => generationOf(body))).size).toBe(1);
      pair = answers[round]?.body as TokenPair;
      expect((await app.client.profile(pair.access_token)).status).toBe(200);
      app.clock.advance(4 * MINUTE);
    }
    expect(eventsNamed(app, 'renewed')).toHaveLength(5);
    expect(eventsNamed(app, 'reused')).toEqual([]);
  });

  it('answers a stolen old token 401, with the end of the session in the database already', async () => {
    const first = await app.client.signIn();
    const other = await app.client.signIn();
    const second = (await app.client.refresh(first.refresh_token)).body;
    const third = (await app.client.refresh(second.refresh_token)).body;
    expect((await app.client.profile(third.access_token)).status).toBe(200);

    const answer = await app.client.refresh<ErrorBody>(first.refresh_token);

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid_grant');
    expect(rowOf(app, first.session.guid)).toMatchObject({ endReason: 'reuse_detected', endedAt: app.clock.now() });
    for (const pair of [first, second, third]) {
      expect((await app.client.profile(pair.access_token)).status).toBe(401);
      expect((await app.client.refresh<ErrorBody>(pair.refresh_token)).body).toEqual(answer.body);
    }
    expect((await app.client.profile(other.access_token)).status).toBe(200);
    expect((await app.client.refresh(other.refresh_token)).status).toBe(200);
  });

  it('lets the user agent and the address of the row follow a renewal', async () => {
    const headers = { 'user-agent': 'Notes/1.0' };
    const pair = await app.client.signIn('ada', { headers });
    expect(rowOf(app, pair.session.guid)).toMatchObject({ userAgent: 'Notes/1.0', ip: '127.0.0.1' });

    const body = { refresh_token: pair.refresh_token };
    await app.client.call('POST', '/auth/refresh', { body, headers: { 'user-agent': 'Notes/2.0' } });
    expect(rowOf(app, pair.session.guid)).toMatchObject({ userAgent: 'Notes/2.0', ip: '127.0.0.1' });
  });
});

describe('renewal', () => {
  beforeEach(() => start());

  it('rotates the row: a new generation, its predecessor, when, and when last active', async () => {
    const pair = await app.auth.login(ADA);
    const before = rowOf(app, pair.session.guid);
    expect(before).toMatchObject({ refTokID: generationOf(pair), predecessor: null, rotatedAt: null, usedAt: null });
    app.clock.advance(MINUTE);

    const next = await app.auth.refresh(pair.refresh_token);

    const now = app.clock.now();
    expect(rowOf(app, pair.session.guid)).toEqual({
      ...before,
      ...{ refTokID: generationOf(next), predecessor: before.refTokID, rotatedAt: now, lastActiveAt: now },
    });
    expect(generationOf(next)).not.toBe(generationOf(pair));
    expect(next.session.guid).toBe(pair.session.guid);
  });

  it('writes user agent and address of who renewed, but not of who asked again', async () => {
    const request = (name: string, ip: string) => ({ ip, headers: { 'user-agent': name } });
    const pair = await app.auth.login(ADA, request('One', '10.0.0.1'));
    await app.auth.refresh(pair.refresh_token, request('Two', '10.0.0.2'));
    const row = rowOf(app, pair.session.guid);
    expect(row).toMatchObject({ userAgent: 'Two', ip: '10.0.0.2' });

    await app.auth.refresh(pair.refresh_token, request('Three', '10.0.0.3'));
    const client = { userAgent: 'Three', ip: '10.0.0.3' };
    expect(eventsNamed(app, 'repeated')).toMatchObject([{ client }]);
    expect(rowOf(app, pair.session.guid)).toEqual(row);
  });
});

describe('an older refresh token than the predecessor', () => {
  beforeEach(() => start());

  /** Three generations of one session, all made within the same millisecond. */
  async function chain(): Promise<[TokenPair, TokenPair, TokenPair]> {
    const first = await app.auth.login(ADA);
    const second = await app.auth.refresh(first.refresh_token);
    expect(await refreshing(first)).toBe('accepted');
    return [first, second, await app.auth.refresh(second.refresh_token)];
  }

  it('ends the session even within the interval: renewing with the successor was its use', async () => {
    const [first, second, third] = await chain();
    expect(await refreshing(second)).toBe('accepted');
    expect(await refreshing(first)).toBe('reuse_detected');
    expect(rowOf(app, first.session.guid)).toMatchObject({ endReason: 'reuse_detected', endedAt: app.clock.now() });
    expect(generationOf(third)).toBe(rowOf(app, first.session.guid).refTokID);
  });

  it('ends the session days later too', async () => {
    const [first] = await chain();
    app.clock.advance(9 * DAY);
    expect(await refreshing(first)).toBe('reuse_detected');
    expect(rowOf(app, first.session.guid)).toMatchObject({ endReason: 'reuse_detected', endedAt: app.clock.now() });
  });

  it('kills every token of the chain, and no other session', async () => {
    const other = await app.auth.login(ADA);
    const stranger = await app.auth.login('id-of-bob');
    const pairs = await chain();
    expect(await using(pairs[2])).toBe('accepted');
    expect(await refreshing(pairs[0])).toBe('reuse_detected');

    for (const pair of pairs) {
      expect(await using(pair)).toBe('session_ended');
      expect(await refreshing(pair)).toBe('session_ended');
    }
    for (const pair of [other, stranger]) {
      expect(await using(pair)).toBe('accepted');
      expect(await refreshing(pair)).toBe('accepted');
    }
    expect(rowOf(app, pairs[0].session.guid).endReason).toBe('reuse_detected');
  });

  it('tells once that it was reused, however many present it', async () => {
    const [first] = await chain();
    const { guid } = first.session;
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => refreshing(first)));

    const detected = verdicts.filter((verdict) => verdict === 'reuse_detected').length;
    const ended = verdicts.filter((verdict) => verdict === 'session_ended').length;
    expect(detected).toBeGreaterThan(0);
    expect(detected + ended).toBe(10);
    const at = app.clock.now();
    const client = { userAgent: null, ip: null };
    expect(eventsNamed(app, 'reused')).toEqual([{ userId: ADA, guid, client, at }]);
    expect(eventsNamed(app, 'revoked')).toEqual([{ userId: ADA, guid, reason: 'reuse_detected', count: 1, at }]);
  });

  it('leaves alone a session that had ended before', async () => {
    const [first, , third] = await chain();
    await app.auth.logout({ refreshToken: third.refresh_token });
    const row = rowOf(app, first.session.guid);
    expect(row.endReason).toBe('signed_out');
    expect(await refreshing(first)).toBe('session_ended');
    expect(rowOf(app, first.session.guid)).toEqual(row);
    expect(eventsNamed(app, 'reused')).toEqual([]);
  });
});

describe('an access token of an old generation', () => {
  beforeEach(() => start());

  it('is refused as superseded, again and again, and never ends the session', async () => {
    const { guid, former, latter } = await renewed();
    expect(await using(former)).toBe('accepted');
    const last = await app.auth.refresh(latter.refresh_token);

    for (let tries = 0; tries < 3; tries++) expect(await using(former)).toBe('superseded');

    expect(rowOf(app, guid)).toMatchObject({ endedAt: null, endReason: null });
    expect(eventsNamed(app, 'reused')).toEqual([]);
    expect(await using(last)).toBe('accepted');
    expect(await refreshing(last)).toBe('accepted');
  });
});
