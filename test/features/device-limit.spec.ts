import { afterEach, describe, expect, it } from 'vitest';
import type { AuthModuleOptions, TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { MINUTE, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, rowsOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';

let app: TestApp;
/** Another process over the same database, in a test that needs one. */
let second: TestApp | undefined;

async function start(options: Partial<AuthModuleOptions>): Promise<void> {
  app = await startApp({ options });
}

const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const signingIn = () => verdictOf(app.auth.login(ADA));
const guidOf = ({ session }: TokenPair) => session.guid;
const live = () => rowsOf(app, ADA).filter(({ endedAt }) => endedAt === null);
const inTurn = async (times: number): Promise<TokenPair[]> => {
  const pairs: TokenPair[] = [];
  while (pairs.length < times) {
    app.clock.advance(SECOND);
    pairs.push(await app.auth.login(ADA));
  }
  return pairs;
};

afterEach(async () => {
  await second?.close();
  second = undefined;
  await app.close();
});

describe.each(ADAPTERS)('a sign-in beyond maxSessions over HTTP (%s)', (adapter) => {
  it('evicts the device that was active least recently, and no other', async () => {
    app = await startApp({ adapter, options: { maxSessions: 2 } });
    const first = await app.client.signIn();
    app.clock.advance(MINUTE);
    const second = await app.client.signIn();
    app.clock.advance(MINUTE);
    const active = (await app.client.refresh(first.refresh_token)).body;
    expect((await app.client.profile(second.access_token)).status).toBe(200);

    const third = await app.client.signIn();

    expect((await app.client.profile(second.access_token)).status).toBe(401);
    expect(await using(second)).toBe('session_ended');
    expect(rowOf(app, guidOf(second))).toMatchObject({ endReason: 'evicted', endedAt: app.clock.now() });
    for (const pair of [active, third]) expect((await app.client.profile(pair.access_token)).status).toBe(200);
    const { body } = await app.client.listEnded(third.access_token);
    expect(body).toMatchObject([{ guid: guidOf(second), endReason: 'evicted' }]);
  });

  it('is refused 403 with the code session_limit under whenFull: reject, and nothing happens', async () => {
    app = await startApp({ adapter, options: { maxSessions: 2, whenFull: 'reject' } });
    const first = await app.client.signIn();
    const second = await app.client.signIn();
    const rows = rowsOf(app, ADA);

    const answer = await app.client.call<ErrorBody>('POST', '/auth/login', {
      body: { username: 'ada', password: 'ada-password' },
    });

    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ statusCode: 403, error: 'Forbidden', code: 'session_limit' });
    expect(rowsOf(app, ADA)).toEqual(rows);
    expect(eventsNamed(app, 'opened')).toHaveLength(2);
    for (const pair of [first, second]) expect((await app.client.profile(pair.access_token)).status).toBe(200);

    expect((await app.client.logout({ token: first.access_token })).status).toBe(204);
    expect((await app.client.login('ada')).status).toBe(200);
  });

  it('leaves exactly maxSessions of ten parallel sign-ins alive under evict', async () => {
    app = await startApp({ adapter, options: { maxSessions: 3 } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.client.login('ada')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const verdicts = await Promise.all(answers.map(({ body }) => using(body)));
    expect(verdicts.sort()).toEqual([...Array(3).fill('accepted'), ...Array(7).fill('session_ended')]);
    expect(rowsOf(app, ADA).filter(({ endReason }) => endReason === 'evicted')).toHaveLength(7);
    expect(live()).toHaveLength(3);
  });

  it('lets exactly maxSessions of ten parallel sign-ins in under reject', async () => {
    app = await startApp({ adapter, options: { maxSessions: 3, whenFull: 'reject' } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.client.login('ada')));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(3).fill(200), ...Array(7).fill(403)]);
    const admitted = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(await Promise.all(admitted.map(using))).toEqual(Array(3).fill('accepted'));
    expect(rowsOf(app, ADA)).toHaveLength(3);
    expect(live()).toHaveLength(3);
  });
});

describe('ten sign-ins at once in two processes', () => {
  async function signInAtOnce(whenFull: 'evict' | 'reject'): Promise<string[]> {
    const options = { maxSessions: 3, whenFull };
    await start(options);
    second = await startApp({ file: app.file, clock: app.clock, options });
    const processes = [app, second];
    const signingIn = Array.from({ length: 10 }, (_, index) => processes[index % 2]?.auth.login(ADA));
    const settled = await Promise.allSettled(signingIn);
    return settled.map((outcome) => (outcome.status === 'fulfilled' ? 'accepted' : outcome.reason.reason)).sort();
  }

  it('leave exactly maxSessions alive under evict', async () => {
    expect(await signInAtOnce('evict')).toEqual(Array(10).fill('accepted'));
    expect(live()).toHaveLength(3);
    expect(rowsOf(app, ADA).filter(({ endReason }) => endReason === 'evicted')).toHaveLength(7);
  });

  it('are let in exactly maxSessions times under reject', async () => {
    const admitted = Array(3).fill('accepted');
    expect(await signInAtOnce('reject')).toEqual([...admitted, ...Array(7).fill('session_limit')]);
    expect(live()).toHaveLength(3);
  });
});

describe('whenFull: evict', () => {
  it('goes by last activity: a touch saves an old device', async () => {
    await start({ maxSessions: 3 });
    const [oldest, second, third] = (await inTurn(3)) as [TokenPair, TokenPair, TokenPair];
    app.clock.advance(MINUTE);
    await app.auth.authenticate(oldest.access_token, {});
    expect(await app.registry.flushTouches()).toBe(1);

    const [fourth] = (await inTurn(1)) as [TokenPair];

    expect(await Promise.all([oldest, second, third, fourth].map(using))).toEqual([
      ...['accepted', 'session_ended', 'accepted', 'accepted'],
    ]);
    expect(eventsNamed(app, 'revoked')).toEqual([
      { userId: ADA, guid: guidOf(second), reason: 'evicted', count: 1, at: app.clock.now() },
    ]);
  });

  it('evicts in the order of sign-in if no session was active since', async () => {
    await start({ maxSessions: 2 });
    const pairs = await inTurn(5);
    expect(eventsNamed(app, 'revoked').map(({ guid }) => guid)).toEqual(pairs.slice(0, 3).map(guidOf));
    expect(live().map(({ guid }) => guid)).toEqual(pairs.slice(3).map(guidOf));
  });

  it('lets one device sign in at a time with maxSessions: 1', async () => {
    await start({ maxSessions: 1 });
    const [former, latter] = (await inTurn(2)) as [TokenPair, TokenPair];
    expect([await using(former), await refreshing(former)]).toEqual(['session_ended', 'session_ended']);
    expect([await using(latter), await refreshing(latter)]).toEqual(['accepted', 'accepted']);
  });

  it('brings a user down to a limit that was lowered', async () => {
    await start({ maxSessions: null });
    const pairs = await inTurn(6);
    second = await startApp({ file: app.file, clock: app.clock, options: { maxSessions: 2 } });
    app.clock.advance(SECOND);
    const last = await second.auth.login(ADA);
    expect(live().map(({ guid }) => guid)).toEqual([guidOf(pairs[5] as TokenPair), guidOf(last)]);
  });

  it("counts no other user's devices", async () => {
    await start({ maxSessions: 1 });
    const bob = await app.auth.login('id-of-bob');
    const ada = await app.auth.login(ADA);
    expect([await using(bob), await using(ada)]).toEqual(['accepted', 'accepted']);
    await app.auth.login(ADA);
    expect([await using(bob), await using(ada)]).toEqual(['accepted', 'session_ended']);
  });
});

describe('what counts towards maxSessions', () => {
  const reject = { maxSessions: 2, whenFull: 'reject' } as const;

  it('is not a session that was signed out', async () => {
    await start(reject);
    const [first] = await inTurn(2);
    expect(await signingIn()).toBe('session_limit');
    await app.registry.revoke(ADA, guidOf(first as TokenPair));
    expect(await signingIn()).toBe('accepted');
    expect(await signingIn()).toBe('session_limit');
  });

  it('is not a session that expired', async () => {
    await start({ ...reject, absoluteTimeout: '1h' });
    await app.auth.login(ADA);
    app.clock.advance(MINUTE);
    await app.auth.login(ADA);
    app.clock.advance(59 * MINUTE - 1);
    expect(await signingIn()).toBe('session_limit');
    app.clock.advance(1);
    expect(await signingIn()).toBe('accepted');
    expect(await signingIn()).toBe('session_limit');
  });

  it('is not a session that went idle', async () => {
    await start({ ...reject, idleTimeout: '30m' });
    const [first] = (await inTurn(2)) as [TokenPair, TokenPair];
    app.clock.advance(29 * MINUTE);
    expect(await refreshing(first)).toBe('accepted');
    expect(await signingIn()).toBe('session_limit');
    app.clock.advance(MINUTE);
    expect(await signingIn()).toBe('accepted');
    expect(await signingIn()).toBe('session_limit');
  });

  it('is not the session that the sign-in replaces', async () => {
    await start(reject);
    const [first, second] = (await inTurn(2)) as [TokenPair, TokenPair];
    expect(await signingIn()).toBe('session_limit');
    const request = { headers: { authorization: `Bearer ${first.access_token}` } };
    const next = await app.auth.login(ADA, request);
    expect([await using(next), await using(second), await using(first)]).toEqual([
      ...['accepted', 'accepted', 'session_ended'],
    ]);
    expect(rowOf(app, guidOf(first)).endReason).toBe('replaced');
    expect(await signingIn()).toBe('session_limit');
  });

  it('is any number of them by default', async () => {
    await start({});
    const pairs = await inTurn(30);
    expect(await Promise.all(pairs.map(using))).toEqual(Array(30).fill('accepted'));
  });
});
