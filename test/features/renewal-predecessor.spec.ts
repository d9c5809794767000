import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/times.js';
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
