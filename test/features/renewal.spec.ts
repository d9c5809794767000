import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf, type ErrorBody } from '../support/client.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/fake-clock.js';
import { eventsNamed, rowOf, verdictOf, watchWrites } from '../support/inspect.js';

const ADA = 'id-of-ada';
const REUSE_INTERVAL = 10 * SECOND;
const EDGES = [
  { offset: -1, accepted: true },
  { offset: 0, accepted: false },
  { offset: 1, accepted: false },
];

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

describe('a predecessor whose successor was never used', () => {
  beforeEach(() => start());

  it('gets the same successor again, an hour and twenty days after the answer was lost', async () => {
    const { guid, former, latter } = await renewed();
    const row = rowOf(app, guid);
    for (const wait of [0, HOUR, 20 * DAY]) {
      app.clock.advance(wait);
      expect(generationOf(await app.auth.refresh(former.refresh_token))).toBe(generationOf(latter));
    }
    expect(rowOf(app, guid)).toEqual(row);
    expect(eventsNamed(app, 'renewed')).toHaveLength(1);
    expect(eventsNamed(app, 'repeated')).toHaveLength(3);
  });

  it('keeps its access token accepted, and that is no use of the successor', async () => {
    const { guid, former } = await renewed();
    app.clock.advance(4 * MINUTE);
    expect(await using(former)).toBe('accepted');
    expect(rowOf(app, guid).usedAt).toBeNull();
    expect(await refreshing(former)).toBe('accepted');
  });

  it('gives a successor that is as good as the first copy', async () => {
    const { former } = await renewed();
    app.clock.advance(HOUR);
    const retried = await app.auth.refresh(former.refresh_token);
    expect(await using(retried)).toBe('accepted');
    expect(await refreshing(retried)).toBe('accepted');
  });

  it('ends with the first use of the successor, if that comes after the interval', async () => {
    const { guid, former, latter } = await renewed();
    app.clock.advance(REUSE_INTERVAL + 2 * MINUTE);
    expect(await refreshing(former)).toBe('accepted');
    expect(await using(latter)).toBe('accepted');
    expect(await refreshing(former)).toBe('reuse_detected');
    expect(rowOf(app, guid).endReason).toBe('reuse_detected');
  });
});

describe('a predecessor whose successor was used by an access token', () => {
  beforeEach(() => start());

  it.each(EDGES)('is honoured until reuseInterval after the rotation ($offset ms: $accepted)', async (edge) => {
    const { guid, former, latter } = await renewed();
    expect(await using(latter)).toBe('accepted');
    expect(await refreshing(former)).toBe('accepted');

    app.clock.advance(REUSE_INTERVAL + edge.offset);

    expect(await refreshing(former)).toBe(edge.accepted ? 'accepted' : 'reuse_detected');
    expect(rowOf(app, guid)).toMatchObject({
      endReason: edge.accepted ? null : 'reuse_detected',
      endedAt: edge.accepted ? null : app.clock.now(),
    });
  });

  it.each(EDGES)('has its access token refused from then on, and lives on ($offset ms: $accepted)', async (edge) => {
    const { guid, former, latter } = await renewed();
    expect(await using(latter)).toBe('accepted');
    expect(await using(former)).toBe('accepted');

    app.clock.advance(REUSE_INTERVAL + edge.offset);

    expect(await using(former)).toBe(edge.accepted ? 'accepted' : 'superseded');
    expect(await using(latter)).toBe('accepted');
    expect(rowOf(app, guid).endedAt).toBeNull();
  });

  it('counts the interval from the rotation, not from the first use', async () => {
    const { former, latter } = await renewed();
    app.clock.advance(REUSE_INTERVAL - 1);
    expect(await using(latter)).toBe('accepted');
    expect(await refreshing(former)).toBe('accepted');
    app.clock.advance(1);
    expect(await refreshing(former)).toBe('reuse_detected');
  });

  it('is not honoured longer for having been asked for again in the interval', async () => {
    const { former, latter } = await renewed();
    expect(await using(latter)).toBe('accepted');
    for (let second = 1; second < 10; second++) {
      app.clock.advance(SECOND);
      expect(generationOf(await app.auth.refresh(former.refresh_token))).toBe(generationOf(latter));
    }
    app.clock.advance(SECOND);
    expect(await refreshing(former)).toBe('reuse_detected');
  });

  it('is judged by the configured interval', async () => {
    await app.close();
    await start({ options: { reuseInterval: '60s' } });
    const { former, latter } = await renewed();
    expect(await using(latter)).toBe('accepted');
    app.clock.advance(MINUTE - 1);
    expect(await refreshing(former)).toBe('accepted');
    app.clock.advance(1);
    expect(await refreshing(former)).toBe('reuse_detected');
  });
});

describe('reuseInterval: 0', () => {
  beforeEach(() => start({ options: { reuseInterval: 0 } }));

  it('honours the predecessor until its successor is used, and not a millisecond longer', async () => {
    const { guid, former, latter } = await renewed();
    app.clock.advance(HOUR);
    expect(generationOf(await app.auth.refresh(former.refresh_token))).toBe(generationOf(latter));
    const retried = await app.auth.refresh(former.refresh_token);
    expect(await using(retried)).toBe('accepted');

    expect(await refreshing(former)).toBe('reuse_detected');
    expect(rowOf(app, guid).endReason).toBe('reuse_detected');
  });

  it('refuses the access token of the predecessor at the first use of the successor, and ends nothing', async () => {
    const { guid, former, latter } = await renewed();
    expect(await using(former)).toBe('accepted');
    expect(await using(latter)).toBe('accepted');
    expect(await using(former)).toBe('superseded');
    expect(rowOf(app, guid).endedAt).toBeNull();
  });

  it('still gives parallel refreshes one successor', async () => {
    const pair = await app.auth.login(ADA);
    const all = await Promise.all(Array.from({ length: 20 }, () => app.auth.refresh(pair.refresh_token)));
    expect(new Set(all.map(generationOf)).size).toBe(1);
    expect(eventsNamed(app, 'renewed')).toHaveLength(1);
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

describe('the first use of a successor', () => {
  beforeEach(() => start());

  it('is written once a rotation, however often it is used', async () => {
    const { guid, latter } = await renewed();
    const writes = watchWrites(app);
    app.clock.advance(SECOND);
    const firstUse = app.clock.now();
    for (let use = 0; use < 5; use++) {
      expect(await using(latter)).toBe('accepted');
      expect(rowOf(app, guid).usedAt).toBe(firstUse);
      app.clock.advance(SECOND);
    }
    expect(writes()).toBe(1);
  });

  it('is written once by parallel requests', async () => {
    const { guid, latter } = await renewed();
    const writes = watchWrites(app);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => using(latter)));
    expect(verdicts).toEqual(Array(20).fill('accepted'));
    expect(writes(guid)).toBe(1);
  });

  it('is written before the request is let in', async () => {
    const { guid, latter } = await renewed();
    await app.auth.authenticate(latter.access_token);
    expect(rowOf(app, guid).usedAt).toBe(app.clock.now());
  });

  it('is written anew after the next rotation, and not at all for a session never renewed', async () => {
    const fresh = await app.auth.login(ADA);
    expect(await using(fresh)).toBe('accepted');
    expect(rowOf(app, fresh.session.guid).usedAt).toBeNull();

    const { guid, latter } = await renewed();
    expect(await using(latter)).toBe('accepted');
    expect(rowOf(app, guid).usedAt).not.toBeNull();
    const last = await app.auth.refresh(latter.refresh_token);
    expect(rowOf(app, guid).usedAt).toBeNull();
    expect(await using(last)).toBe('accepted');
    expect(rowOf(app, guid).usedAt).toBe(app.clock.now());
  });
});
