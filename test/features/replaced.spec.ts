import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { HOUR, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, rowsOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';

let app: TestApp;

const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signInWith = (token: string, username = 'ada') => app.client.signIn(username, { headers: bearer(token) });
const guidOf = ({ session }: TokenPair) => session.guid;

afterEach(() => app.close());

describe.each(ADAPTERS)('a sign-in that carries the token of a session (%s)', (adapter) => {
  let former: TokenPair;
  let other: TokenPair;

  beforeEach(async () => {
    app = await startApp({ adapter });
    former = await app.client.signIn();
    other = await app.client.signIn();
    app.clock.advance(SECOND);
    for (const pair of [former, other]) expect(await using(pair)).toBe('accepted');
  });

  it('ends that session as replaced, at once, and no other', async () => {
    const latter = await signInWith(former.access_token);

    expect(guidOf(latter)).not.toBe(guidOf(former));
    expect((await app.client.profile(former.access_token)).status).toBe(401);
    expect([await using(former), await refreshing(former)]).toEqual(['session_ended', 'session_ended']);
    const at = app.clock.now();
    expect(rowOf(app, guidOf(former))).toMatchObject({ endReason: 'replaced', endedAt: at });
    for (const pair of [latter, other])
      expect([await using(pair), await refreshing(pair)]).toEqual(Array(2).fill('accepted'));
    const event = { userId: ADA, guid: guidOf(former), reason: 'replaced', count: 1, at };
    expect(eventsNamed(app, 'revoked')).toEqual([event]);
    const { body } = await app.client.listEnded(latter.access_token);
    expect(body).toMatchObject([{ guid: guidOf(former), endReason: 'replaced' }]);
  });

  it('ends it also by an access token past its exp, or of an older generation', async () => {
    await app.client.refresh(former.refresh_token);
    app.clock.advance(HOUR);
    expect(await using(former)).toBe('token_expired');
    expect(rowOf(app, guidOf(former)).endedAt).toBeNull();
    await signInWith(former.access_token);
    expect(rowOf(app, guidOf(former)).endReason).toBe('replaced');
  });

  it('opens exactly one session more for each of two at once', async () => {
    const [one, two] = await Promise.all([signInWith(former.access_token), signInWith(former.access_token)]);
    expect([await using(one), await using(two), await using(former)]).toEqual([
      ...['accepted', 'accepted', 'session_ended'],
    ]);
    expect(eventsNamed(app, 'revoked')).toHaveLength(1);
  });

  it('leaves a session as it is that had ended before', async () => {
    await app.client.logout({ token: former.access_token });
    const row = rowOf(app, guidOf(former));
    app.clock.advance(SECOND);
    const latter = await signInWith(former.access_token);
    expect(rowOf(app, guidOf(former))).toEqual(row);
    expect(await using(latter)).toBe('accepted');
  });

  it('ends nothing when the password is wrong', async () => {
    const body = { username: 'ada', password: 'wrong' };
    const rows = rowsOf(app, ADA);
    const call = { body, headers: bearer(former.access_token) };
    expect(await app.client.call('POST', '/auth/login', call)).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    });
    expect(rowsOf(app, ADA)).toEqual(rows);
    expect(await refreshing(former)).toBe('accepted');
  });

  it("ends nothing when the token is another user's", async () => {
    const bob = await signInWith(former.access_token, 'bob');
    expect(rowOf(app, guidOf(former)).endedAt).toBeNull();
    for (const pair of [bob, former])
      expect([await using(pair), await refreshing(pair)]).toEqual(Array(2).fill('accepted'));
    expect(eventsNamed(app, 'revoked')).toEqual([]);
  });

  it('ends nothing if the token cannot be verified or is not an access token', async () => {
    const { access_token, refresh_token } = former;
    const forged = `${access_token.slice(0, access_token.lastIndexOf('.'))}.${'A'.repeat(43)}`;
    const headers = [
      ...['garbage', '', 'a.b.c', forged, refresh_token, 'x'.repeat(5000)].map(bearer),
      { authorization: `Basic ${access_token}` },
      { authorization: access_token },
    ];
    for (const header of headers) {
      const pair = await app.client.signIn('ada', { headers: header });
      expect(await using(pair)).toBe('accepted');
    }
    expect(rowsOf(app, ADA).filter(({ endedAt }) => endedAt !== null)).toEqual([]);
    expect(eventsNamed(app, 'revoked')).toEqual([]);
    await signInWith(access_token);
    expect(eventsNamed(app, 'revoked')).toHaveLength(1);
  });

  it('is another device otherwise, even with the same user agent and address', async () => {
    const again = await app.client.signIn();
    const rows = rowsOf(app, ADA);
    expect(rows.map(({ guid }) => guid)).toEqual([former, other, again].map(guidOf));
    expect(new Set(rows.map(({ userAgent, ip }) => `${userAgent} ${ip}`)).size).toBe(1);
    expect((await app.client.list(again.access_token)).body).toHaveLength(3);
    for (const pair of [former, other, again]) expect(await refreshing(pair)).toBe('accepted');
    await app.client.logout({ token: former.access_token });
    expect([await using(other), await using(again)]).toEqual(['accepted', 'accepted']);
  });
});

describe('a sign-in that is refused', () => {
  it('replaces nothing when it is cut off', async () => {
    app = await startApp();
    const keep = await app.auth.login(ADA);
    const ticket = await app.auth.currentTicket();
    await app.registry.revokeOthers(ADA, guidOf(keep));
    const request = { headers: bearer(keep.access_token) };
    expect(await verdictOf(app.auth.login(ADA, request, { ticket }))).toBe('cut_off');
    expect([await using(keep), await refreshing(keep)]).toEqual(['accepted', 'accepted']);
    expect(await verdictOf(app.auth.login(ADA, request))).toBe('accepted');
    expect(rowOf(app, guidOf(keep)).endReason).toBe('replaced');
  });

  it('replaces nothing when the user is locked', async () => {
    app = await startApp();
    const former = await app.auth.login(ADA);
    app.users.inactive.add(ADA);
    const request = { headers: bearer(former.access_token) };
    expect(await verdictOf(app.auth.login(ADA, request))).toBe('user_inactive');
    expect(rowOf(app, guidOf(former)).endedAt).toBeNull();
    app.users.inactive.delete(ADA);
    expect(await verdictOf(app.auth.login(ADA, request))).toBe('accepted');
    expect(rowOf(app, guidOf(former)).endReason).toBe('replaced');
  });
});
