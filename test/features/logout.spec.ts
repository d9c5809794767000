import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { DAY, HOUR, SECOND } from '../support/times.js';
import { eventsNamed, rowOf, verdictOf } from '../support/inspect.js';

let app: TestApp;
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));

const signInThrice = async (): Promise<[TokenPair, TokenPair, TokenPair]> => [
  await app.client.signIn(),
  await app.client.signIn(),
  await app.client.signIn(),
];

/** Both tokens let in over HTTP; the pair to go on with. */
async function expectLive(pair: TokenPair): Promise<TokenPair> {
  expect((await app.client.profile(pair.access_token)).status).toBe(200);
  const renewal = await app.client.refresh(pair.refresh_token);
  expect(renewal.status).toBe(200);
  return renewal.body;
}

/** Both tokens refused over HTTP, and for this reason: the session had ended. */
async function expectEnded(pair: TokenPair, reason: string): Promise<void> {
  expect((await app.client.profile(pair.access_token)).status).toBe(401);
  expect((await app.client.refresh<unknown>(pair.refresh_token)).status).toBe(401);
  expect([await using(pair), await refreshing(pair)]).toEqual(['session_ended', 'session_ended']);
  expect(rowOf(app, pair.session.guid).endReason).toBe(reason);
}

afterEach(() => app.close());

describe.each(ADAPTERS)('logout (%s)', (adapter) => {
  beforeEach(async () => {
    app = await startApp({ adapter });
  });

  it('ends its session by the bearer token, and is done twice without harm', async () => {
    const [own, other] = await signInThrice();
    await expectLive(own);
    expect((await app.client.logout({ token: own.access_token })).status).toBe(204);
    const row = rowOf(app, own.session.guid);
    expect(row).toMatchObject({ endReason: 'signed_out', endedAt: app.clock.now() });

    app.clock.advance(SECOND);
    expect((await app.client.logout({ token: own.access_token })).status).toBe(204);
    expect(rowOf(app, own.session.guid)).toEqual(row);
    await expectEnded(own, 'signed_out');
    await expectLive(other);
  });

  it('ends its session by the refresh token in the body, and is done twice without harm', async () => {
    const own = await expectLive(await app.client.signIn());
    const body = { refresh_token: own.refresh_token };
    expect((await app.client.logout({ body })).status).toBe(204);
    const row = rowOf(app, own.session.guid);
    app.clock.advance(SECOND);
    expect((await app.client.logout({ body })).status).toBe(204);
    expect(rowOf(app, own.session.guid)).toEqual(row);
    await expectEnded(own, 'signed_out');
  });

  it('refuses two tokens, of two sessions or of one, and ends none', async () => {
    const [one, two] = await signInThrice();
    for (const { refresh_token } of [one, two]) {
      const answer = await app.client.logout({ token: one.access_token, body: { refresh_token } });
      expect([answer.status, (answer.body as ErrorBody).code]).toEqual([400, 'invalid_request']);
    }
    await expectLive(two);
    expect((await app.client.logout({ token: (await expectLive(one)).access_token })).status).toBe(204);
    await expectEnded(one, 'signed_out');
  });

  it('ends both sessions, if AuthService is given tokens of two', async () => {
    const [one, two, three] = await signInThrice();
    await app.auth.logout({ accessToken: one.access_token, refreshToken: two.refresh_token });
    await expectEnded(one, 'signed_out');
    await expectEnded(two, 'signed_out');
    await expectLive(three);
  });

  it('takes an access token past its exp', async () => {
    const own = await app.client.signIn();
    app.clock.advance(HOUR);
    expect(await using(own)).toBe('token_expired');
    expect(rowOf(app, own.session.guid).endedAt).toBeNull();

    expect((await app.client.logout({ token: own.access_token })).status).toBe(204);
    expect(rowOf(app, own.session.guid).endReason).toBe('signed_out');
    expect(await refreshing(own)).toBe('session_ended');
  });

  it('takes a refresh token past its exp', async () => {
    await app.close();
    app = await startApp({ adapter, options: { refreshTtl: '1d', absoluteTimeout: '7d' } });
    const own = await app.client.signIn();
    app.clock.advance(2 * DAY);
    expect(await refreshing(own)).toBe('token_expired');
    expect((await app.client.logout({ body: { refresh_token: own.refresh_token } })).status).toBe(204);
    expect(rowOf(app, own.session.guid).endReason).toBe('signed_out');
  });

  it('takes tokens of a generation that was rotated out: they are its own all the same', async () => {
    const own = await app.client.signIn();
    let next = await expectLive(own);
    for (let times = 0; times < 2; times++) next = await expectLive(next);
    expect(await using(own)).toBe('superseded');
    expect((await app.client.logout({ token: own.access_token })).status).toBe(204);
    await expectEnded(next, 'signed_out');
  });

  it('refuses a token that cannot be verified, and the session lives on', async () => {
    const own = await app.client.signIn();
    const { access_token, refresh_token } = own;
    const forged = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(43)}`;
    const calls = [
      { token: forged(access_token) },
      { token: 'garbage' },
      { token: '' },
      { token: refresh_token },
      { body: { refresh_token: forged(refresh_token) } },
      { body: { refresh_token: access_token } },
    ];
    for (const call of calls) {
      const answer = await app.client.logout(call);
      expect([answer.status, (answer.body as ErrorBody).code]).toEqual([401, 'invalid_token']);
    }
    for (const tokens of [
      { accessToken: access_token, refreshToken: 'garbage' },
      { accessToken: 'garbage', refreshToken: refresh_token },
    ])
      expect(await verdictOf(app.auth.logout(tokens))).toBe('malformed_token');
    expect(rowOf(app, own.session.guid).endedAt).toBeNull();
    expect(eventsNamed(app, 'revoked')).toEqual([]);
    expect((await app.client.logout({ token: (await expectLive(own)).access_token })).status).toBe(204);
  });

  it('refuses to have signed anybody out without a token', async () => {
    const own = await app.client.signIn();
    for (const call of [{}, { body: {} }]) {
      const answer = await app.client.logout(call);
      expect([answer.status, (answer.body as ErrorBody).code]).toEqual([401, 'invalid_token']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await verdictOf(app.auth.logout({}))).toBe('no_credentials');
    expect(rowOf(app, own.session.guid).endedAt).toBeNull();
  });
});
