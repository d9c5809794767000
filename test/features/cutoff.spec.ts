import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { Answer, ErrorBody } from '../support/client.js';
import { HOUR, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, rowsOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';
const CREDENTIALS = { username: 'ada', password: 'ada-password' };

interface Way {
  name: string;
  reason: string;
  /** Whether the session named `keep` outlives it. */
  keeps: boolean;
  cut(app: TestApp, keep: string): Promise<number>;
}

const WAYS: Way[] = [
  { name: 'revokeAll', reason: 'revoked_all', keeps: false, cut: (given) => given.registry.revokeAll(ADA) },
  {
    name: 'revokeOthers',
    reason: 'revoked',
    keeps: true,
    cut: (given, keep) => given.registry.revokeOthers(ADA, keep),
  },
  {
    ...{ name: 'credentialsChanged', reason: 'credentials_changed', keeps: false },
    cut: (given) => given.registry.credentialsChanged(ADA),
  },
  {
    ...{ name: 'credentialsChanged with keep', reason: 'credentials_changed', keeps: true },
    cut: (given, keep) => given.registry.credentialsChanged(ADA, { keep }),
  },
  { name: 'disableUser', reason: 'user_disabled', keeps: false, cut: (given) => given.auth.disableUser(ADA) },
];

let app: TestApp;
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const liveGuids = async () => (await app.registry.list(ADA)).map(({ guid }) => guid);

/** A sign-in whose password check began and waits until it is released. */
async function beginHeld<T>(signIn: () => Promise<T>): Promise<() => Promise<T>> {
  let open = () => {};
  app.users.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    app.users.onCheck = resolve;
  });
  const outcome = signIn();
  await begun;
  app.users.gate = Promise.resolve();
  return () => {
    open();
    return outcome;
  };
}

afterEach(() => {
  vi.restoreAllMocks();
  return app.close();
});

describe.each(ADAPTERS)('a sign-in under way over HTTP (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  it('is let in when nobody cut the user off meanwhile', async () => {
    const release = await beginHeld(() => app.client.login('ada'));
    expect(rowsOf(app, ADA)).toEqual([]);
    const { status, body } = await release();
    expect(status).toBe(200);
    expect((await app.client.profile(body.access_token)).status).toBe(200);
  });

  it('is refused when "all" came between, as a wrong password is, and the next one is let in', async () => {
    const own = await app.client.signIn();
    const wrong = await app.client.call<ErrorBody>('POST', '/auth/login', { body: { ...CREDENTIALS, password: 'x' } });
    const release = await beginHeld(() => app.client.login('ada'));
    const all = await app.client.call('DELETE', '/sessions', { token: own.access_token });
    expect(all.body).toEqual({ revoked: 1 });

    const answer = (await release()) as Answer<unknown>;

    expect([answer.status, answer.body]).toEqual([401, wrong.body]);
    expect(rowsOf(app, ADA)).toHaveLength(1);
    expect(await liveGuids()).toEqual([]);
    const next = await app.client.signIn();
    expect((await app.client.profile(next.access_token)).status).toBe(200);
  });
});

describe.each(WAYS)('$name', ({ cut, keeps, reason }) => {
  let keep: TokenPair;
  let other: TokenPair;

  beforeEach(async () => {
    app = await startApp();
    keep = await app.auth.login(ADA);
    other = await app.auth.login(ADA);
  });

  /** What was signed in before is over, but for the session kept. */
  async function expectCut(): Promise<void> {
    expect([await using(other), await refreshing(other)]).toEqual(['session_ended', 'session_ended']);
    expect(rowOf(app, other.session.guid).endReason).toBe(reason);
    const fate = keeps ? 'accepted' : 'session_ended';
    expect([await using(keep), await refreshing(keep)]).toEqual([fate, fate]);
    expect(rowOf(app, keep.session.guid).endReason).toBe(keeps ? null : reason);
  }

  it('refuses a sign-in whose password was checked before it as cut_off', async () => {
    const release = await beginHeld(() => app.auth.loginWithPassword(CREDENTIALS));
    expect(await cut(app, keep.session.guid)).toBe(keeps ? 1 : 2);

    expect(await verdictOf(release())).toBe('cut_off');

    expect(await liveGuids()).toEqual(keeps ? [keep.session.guid] : []);
    expect(rowsOf(app, ADA)).toHaveLength(2);
    expect(eventsNamed(app, 'opened')).toHaveLength(2);
    await expectCut();
  });

  it('refuses a sign-in by the app itself whose ticket is older as cut_off', async () => {
    const [control, ticket] = [await app.auth.currentTicket(), await app.auth.currentTicket()];
    expect(await verdictOf(app.auth.login(ADA, undefined, { ticket: control }))).toBe('accepted');
    expect(await cut(app, keep.session.guid)).toBe(keeps ? 2 : 3);
    expect(await verdictOf(app.auth.login(ADA, undefined, { ticket }))).toBe('cut_off');
    const later = await app.auth.currentTicket();
    expect(await verdictOf(app.auth.login(ADA, undefined, { ticket: later }))).toBe('accepted');
  });

  it('lets a sign-in of another user that was under way pass', async () => {
    const release = await beginHeld(() => app.auth.loginWithPassword({ username: 'bob', password: 'bob-password' }));
    await cut(app, keep.session.guid);
    const bob = await release();
    expect([await using(bob), await refreshing(bob)]).toEqual(['accepted', 'accepted']);
  });

  it('refuses what began before it and lets in what began after it, in whatever order they end', async () => {
    const before = await beginHeld(() => app.auth.loginWithPassword(CREDENTIALS));
    await cut(app, keep.session.guid);
    const after = await beginHeld(() => app.auth.loginWithPassword(CREDENTIALS));
    const fresh = await after();
    expect(await verdictOf(before())).toBe('cut_off');
    expect([await using(fresh), await refreshing(fresh)]).toEqual(['accepted', 'accepted']);
    await expectCut();
  });

  it('covers a session opened while it was on its way', async () => {
    const early = app.auth.login(ADA);
    const cutting = cut(app, keep.session.guid);
    const [pair] = await Promise.allSettled([early, cutting]);
    const live = await liveGuids();
    expect(live).toEqual(keeps ? [keep.session.guid] : []);
    if (pair.status === 'fulfilled') expect(await using(pair.value)).toBe('session_ended');
    else expect(pair.reason).toMatchObject({ reason: 'cut_off' });
    await expectCut();
  });

  it.each([30 * SECOND, HOUR])('holds when the clock steps back by %d ms after it', async (step) => {
    const release = await beginHeld(() => app.auth.loginWithPassword(CREDENTIALS));
    await cut(app, keep.session.guid);
    app.clock.advance(-step);

    expect(await verdictOf(release())).toBe('cut_off');
    const fresh = await app.auth.login(ADA);
    expect([await using(fresh), await refreshing(fresh)]).toEqual(['accepted', 'accepted']);
    expect(await using(other)).toBe(step > 60 * SECOND ? 'token_from_future' : 'session_ended');
    expect(await liveGuids()).toEqual(
      keeps ? [fresh.session.guid, keep.session.guid].sort(byActivity) : [fresh.session.guid],
    );

    app.clock.advance(step);
    await expectCut();
    expect(await refreshing(fresh)).toBe('accepted');
  });

  it.each([30 * SECOND, HOUR])('holds when the clock steps back by %d ms before it', async (step) => {
    const release = await beginHeld(() => app.auth.loginWithPassword(CREDENTIALS));
    app.clock.advance(-step);
    expect(await cut(app, keep.session.guid)).toBe(keeps ? 1 : 2);

    expect(await verdictOf(release())).toBe('cut_off');
    const fresh = await app.auth.login(ADA);
    expect([await using(fresh), await refreshing(fresh)]).toEqual(['accepted', 'accepted']);
    app.clock.advance(step);
    await expectCut();
    expect(await refreshing(fresh)).toBe('accepted');
  });
});

/** Most recently active first. */
function byActivity(a: string, b: string): number {
  return rowOf(app, b).lastActiveAt - rowOf(app, a).lastActiveAt;
}
