import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionView, TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, type Adapter, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { type Answer, claimsOf, type ErrorBody, headerOf } from '../support/client.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/fake-clock.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { breakStore, execute, sessionRows } from '../support/sqlite-file.js';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};
const START = '2026-01-01T00:00:00.000Z';
const UNKNOWN_GUID = '00000000-0000-4000-8000-000000000000';
const JWT = /[\w-]+\.[\w-]+\.[\w-]{20,}/g;
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const VIEW_KEYS = ['createdAt', 'current', 'device', 'expiresAt', 'guid', 'ip', 'lastActiveAt', 'name'];
const NO_CREDENTIALS = 'Bearer';
const BAD_CREDENTIALS = 'Bearer error="invalid_token"';

let app: TestApp;

async function start(adapter: Adapter, options?: TestAppOptions['options']): Promise<void> {
  app = await startApp({ adapter, ...(options && { options }) });
}

function expectRefusal(answer: Answer<unknown>, status: number, code: string): void {
  const { message, ...body } = answer.body as ErrorBody;
  expect({ ...body, status: answer.status }).toEqual({ statusCode: status, error: TITLES[status], code, status });
  expect(message).toEqual(expect.stringMatching(/\w/));
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

/** What a client can tell two answers apart by. */
function everythingSeen({ status, headers, text }: Answer<unknown>): object {
  return { status, text, headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')) };
}

/** The last character of a signature carries bits that are not used; the one before does not. */
function tampered(token: string): string {
  const other = token.at(-2) === 'A' ? 'B' : 'A';
  return `${token.slice(0, -2)}${other}${token.slice(-1)}`;
}

const post = (path: string, body?: unknown) => app.client.call('POST', path, body === undefined ? {} : { body });
const get = (path: string, token?: string) => app.client.call('GET', path, { token });
const del = (path: string, token?: string) => app.client.call('DELETE', path, { token });
const patch = (guid: string, body: unknown, token?: string) =>
  app.client.call<SessionView>('PATCH', `/sessions/${guid}`, { token, body });

describe.each(ADAPTERS)('the HTTP contract on %s', (adapter) => {
  beforeEach(() => start(adapter));
  afterEach(() => app.close());

  describe('POST /auth/login', () => {
    it('answers 200 with a token response and the view of the new session, and nothing else', async () => {
      const { status, headers, body } = await app.client.login('ada');
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(body).toEqual({
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 300,
        refresh_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        refresh_expires_in: 2_592_000,
        session: {
          guid: expect.stringMatching(UUID),
          current: true,
          name: 'Chrome on Windows',
          device: { type: 'desktop', browser: 'Chrome', os: 'Windows' },
          ip: expect.stringMatching(/127\.0\.0\.1$/),
          createdAt: START,
          lastActiveAt: START,
          expiresAt: '2026-01-31T00:00:00.000Z',
        },
      });
    });

    it('issues tokens of two types that carry the same session', async () => {
      const { access_token, refresh_token, session } = await app.client.signIn();
      expect(headerOf(access_token)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
      expect(headerOf(refresh_token)).toEqual({ alg: 'HS256', typ: 'rt+jwt' });
      const claims = {
        iss: 'nestjs-session-registry',
        aud: 'nestjs-session-registry',
        sub: 'id-of-ada',
        guid: session.guid,
        refTokID: rowOf(app, session.guid).refTokID,
        iat: Date.parse(START) / 1000,
      };
      expect(claimsOf(access_token)).toEqual({ ...claims, ticket: 0, exp: claims.iat + 300 });
      expect(claimsOf(refresh_token)).toEqual({ ...claims, exp: claims.iat + 2_592_000 });
    });

    it('takes the device name the client gives', async () => {
      const { session } = await app.client.signIn('ada', { deviceName: '  My\r\nlaptop ' });
      expect(session.name).toBe('My laptop');
    });

    it('answers a wrong password and an unknown user with the same 401', async () => {
      const wrong = await post('/auth/login', { username: 'ada', password: 'wrong' });
      const unknown = await post('/auth/login', { username: 'nobody', password: 'wrong' });
      expectRefusal(wrong, 401, 'invalid_credentials');
      expect(wrong.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
      expect(everythingSeen(unknown)).toEqual(everythingSeen(wrong));
      expect(app.events).toEqual([]);
    });

    it.each<[string, unknown]>([
      ['no body', undefined],
      ['an empty object', {}],
      ['no user name', { password: 'ada-password' }],
      ['no password', { username: 'ada' }],
      ['an empty user name', { username: '', password: 'ada-password' }],
      ['an empty password', { username: 'ada', password: '' }],
      ['a user name of null', { username: null, password: 'ada-password' }],
      ['a user name that is a number', { username: 7, password: 'ada-password' }],
      ['a password that is a list', { username: 'ada', password: ['ada-password'] }],
      ['a password that is an object', { username: 'ada', password: { $ne: null } }],
      ['a user name of 256 characters', { username: 'a'.repeat(256), password: 'ada-password' }],
      ['a password of 1025 characters', { username: 'ada', password: 'a'.repeat(1025) }],
      ['a device name that is no text', { username: 'ada', password: 'ada-password', deviceName: 7 }],
      ['a list of bodies', [{ username: 'ada', password: 'ada-password' }]],
    ])('answers %s with 400, asking nobody for a password', async (_, body) => {
      expectRefusal(await post('/auth/login', body), 400, 'invalid_request');
      expect(sessionRows(app.file)).toEqual([]);
    });

    it('names the fields it finds fault with', async () => {
      const { body } = await post('/auth/login', { username: 7 });
      expect((body as ErrorBody).message).toMatch(/username must be a string.*password must be a string/);
    });

    it('drops members it does not know', async () => {
      const extra = { username: 'ada', password: 'ada-password', guid: UNKNOWN_GUID, refTokID: 'mine', userId: 'bob' };
      const { status, body } = await app.client.call<TokenPair>('POST', '/auth/login', { body: extra });
      expect(status).toBe(200);
      expect(body.session.guid).not.toBe(UNKNOWN_GUID);
      expect(sessionRows(app.file)).toMatchObject([{ userId: 'id-of-ada', guid: body.session.guid }]);
    });
  });

  describe('POST /auth/refresh', () => {
    it('answers 200 with a token response of the same session and the next generation', async () => {
      const first = await app.client.signIn();
      app.clock.advance(2 * MINUTE);
      const { status, headers, body } = await app.client.refresh(first.refresh_token);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 300,
        refresh_token: expect.any(String),
        refresh_expires_in: 2_592_000 - 120,
        session: { ...first.session, lastActiveAt: '2026-01-01T00:02:00.000Z' },
      });
      const { refTokID } = claimsOf(body.refresh_token);
      expect(refTokID).not.toBe(claimsOf(first.refresh_token).refTokID);
      expect(rowOf(app, first.session.guid).refTokID).toBe(refTokID);
    });

    it.each<[string, unknown]>([
      ['no body', undefined],
      ['no token', {}],
      ['an empty token', { refresh_token: '' }],
      ['a token of null', { refresh_token: null }],
      ['a token that is no text', { refresh_token: 7 }],
      ['a list', ['token']],
    ])('answers %s with 400', async (_, body) => {
      expectRefusal(await post('/auth/refresh', body), 400, 'invalid_request');
    });

    it('answers garbage, a tampered token, an access token and an expired token with 401 invalid_grant', async () => {
      const { access_token, refresh_token } = await app.client.signIn();
      const refused = async (token: string, reason: string) => {
        const answer = await app.client.refresh(token);
        expectRefusal(answer, 401, 'invalid_grant');
        expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
        expect(await verdictOf(app.auth.refresh(token))).toBe(reason);
      };
      await refused('garbage', 'malformed_token');
      await refused(tampered(refresh_token), 'bad_signature');
      await refused(access_token, 'wrong_header');
      app.clock.advance(30 * DAY);
      await refused(refresh_token, 'token_expired');
    });

    it('gives one answer, to the byte, whatever the reason of the refusal', async () => {
      const [purged, revoked, reused, expired] = [
        await app.client.signIn(),
        await app.client.signIn(),
        await app.client.signIn(),
        await app.client.signIn(),
      ];
      execute(app.file, 'DELETE FROM sessions WHERE guid = ?', purged.session.guid);
      await app.registry.revoke('id-of-ada', revoked.session.guid);
      const successor = await app.client.refresh(reused.refresh_token);
      await app.client.refresh(successor.body.refresh_token);
      const answers = [
        await app.client.refresh(purged.refresh_token),
        await app.client.refresh(revoked.refresh_token),
        await app.client.refresh(reused.refresh_token),
        await app.client.refresh('garbage'),
      ];
      app.clock.advance(30 * DAY);
      answers.push(await app.client.refresh(expired.refresh_token));
      expect(app.events.map(({ name }) => name)).toContain('reused');
      expectRefusal(answers[0] as Answer, 401, 'invalid_grant');
      for (const answer of answers) expect(everythingSeen(answer)).toEqual(everythingSeen(answers[0] as Answer));
    });
  });

  describe('POST /auth/logout', () => {
    it('answers 204 without a body once the session of the access token is over', async () => {
      const { access_token, session } = await app.client.signIn();
      const { status, text, headers } = await app.client.logout({ token: access_token });
      expect({ status, text }).toEqual({ status: 204, text: '' });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(rowOf(app, session.guid)).toMatchObject({ endReason: 'signed_out' });
    });

    it('answers 204 for a refresh token alone, and again when the session was over already', async () => {
      const { refresh_token, session } = await app.client.signIn();
      expect((await app.client.logout({ body: { refresh_token } })).status).toBe(204);
      expect((await app.client.logout({ body: { refresh_token } })).status).toBe(204);
      expect(rowOf(app, session.guid)).toMatchObject({ endReason: 'signed_out' });
      expect(app.events.filter(({ name }) => name === 'revoked')).toHaveLength(1);
    });

    it('lets tokens past their end sign their own session out', async () => {
      const { access_token, session } = await app.client.signIn();
      app.clock.advance(DAY);
      expect(await verdictOf(app.auth.authenticate(access_token))).toBe('token_expired');
      expect((await app.client.logout({ token: access_token })).status).toBe(204);
      expect(rowOf(app, session.guid)).toMatchObject({ endReason: 'signed_out' });
    });

    it('answers 401 without any token', async () => {
      const answer = await app.client.logout({});
      expectRefusal(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    });

    it('answers 401 for a token that cannot be verified, and ends nothing', async () => {
      const { access_token, refresh_token, session } = await app.client.signIn();
      const calls = [
        { token: 'garbage' },
        { token: tampered(access_token) },
        { token: refresh_token },
        { body: { refresh_token: 'garbage' } },
        { body: { refresh_token: tampered(refresh_token) } },
        { body: { refresh_token: access_token } },
      ];
      for (const call of calls) {
        const answer = await app.client.logout(call);
        expectRefusal(answer, 401, 'invalid_token');
        expect(answer.headers.get('www-authenticate')).toBe(BAD_CREDENTIALS);
      }
      expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null });
    });

    it('answers 400 for two tokens, good or not, and ends nothing', async () => {
      const { access_token, refresh_token, session } = await app.client.signIn();
      for (const call of [
        { token: access_token, body: { refresh_token } },
        { token: 'garbage', body: { refresh_token } },
        { token: access_token, body: { refresh_token: 'garbage' } },
      ])
        expectRefusal(await app.client.logout(call), 400, 'invalid_request');
      expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null });
      expect((await app.client.logout({ token: access_token, body: { refresh_token: null } })).status).toBe(204);
    });

    it.each<[string, unknown]>([
      ['an empty token', { refresh_token: '' }],
      ['a token that is no text', { refresh_token: 7 }],
      ['a list', ['token']],
    ])('answers %s with 400, and ends nothing', async (_, body) => {
      const { access_token, session } = await app.client.signIn();
      expectRefusal(await app.client.logout({ token: access_token, body }), 400, 'invalid_request');
      expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null });
    });
  });

  describe('GET /sessions', () => {
    it('answers 200 with the live sessions: the current one first, then last active first', async () => {
      const oldest = await app.client.signIn('ada', { deviceName: 'oldest' });
      app.clock.advance(MINUTE);
      await app.client.signIn('ada', { deviceName: 'middle' });
      app.clock.advance(MINUTE);
      await app.client.signIn('ada', { deviceName: 'newest' });
      const gone = await app.client.signIn('ada', { deviceName: 'gone' });
      await app.registry.revoke('id-of-ada', gone.session.guid);
      await app.client.signIn('bob');

      const { status, headers, body } = await app.client.list(oldest.access_token);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body.map(({ name, current }) => [name, current])).toEqual([
        ['oldest', true],
        ['newest', false],
        ['middle', false],
      ]);
      for (const view of body) expect(Object.keys(view).sort()).toEqual(VIEW_KEYS);
      expect(body[0]).toEqual(oldest.session);
    });

    it('answers the same for state=live', async () => {
      const { access_token, session } = await app.client.signIn();
      const answer = await get('/sessions?state=live', access_token);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: [session] });
    });

    it('answers 200 with the ended sessions for state=ended: when and why, last ended first', async () => {
      const current = await app.client.signIn();
      const first = await app.client.signIn('ada', { deviceName: 'first' });
      const second = await app.client.signIn('ada', { deviceName: 'second' });
      app.clock.advance(MINUTE);
      await app.client.logout({ token: first.access_token });
      app.clock.advance(MINUTE);
      await del(`/sessions/${second.session.guid}`, current.access_token);
      await app.client.logout({ token: (await app.client.signIn('bob')).access_token });

      const { status, headers, body } = await app.client.listEnded(current.access_token);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual([
        { ...second.session, current: false, endedAt: '2026-01-01T00:02:00.000Z', endReason: 'revoked' },
        { ...first.session, current: false, endedAt: '2026-01-01T00:01:00.000Z', endReason: 'signed_out' },
      ]);
    });

    it.each(['state=nonsense', 'state=', 'state=live&state=ended'])('answers ?%s with 400', async (query) => {
      const { access_token } = await app.client.signIn();
      expectRefusal(await get(`/sessions?${query}`, access_token), 400, 'invalid_request');
    });
  });

  describe('PATCH /sessions/:guid', () => {
    it('answers 200 with the renamed session, the current one or another', async () => {
      const { access_token, session } = await app.client.signIn();
      const other = await app.client.signIn();
      const own = await patch(session.guid, { name: ' Kitchen\ttablet ' }, access_token);
      expect({ status: own.status, body: own.body }).toEqual({
        status: 200,
        body: { ...session, name: 'Kitchen tablet' },
      });
      expect(own.headers.get('cache-control')).toBe('no-store');
      const { body } = await patch(other.session.guid, { name: 'Phone' }, access_token);
      expect(body).toEqual({ ...other.session, name: 'Phone', current: false });
      expect(rowOf(app, session.guid).name).toBe('Kitchen tablet');
      expect(rowOf(app, other.session.guid).name).toBe('Phone');
    });

    it.each<[string, unknown]>([
      ['no name', {}],
      ['a name that is no text', { name: 7 }],
      ['a name of null', { name: null }],
      ['an empty name', { name: '' }],
      ['a name of blanks', { name: ' \t\u2028 ' }],
      ['a name of 101 characters', { name: 'n'.repeat(101) }],
      ['a list', [{ name: 'Phone' }]],
    ])('answers %s with 400 and leaves the name', async (_, body) => {
      const { access_token, session } = await app.client.signIn('ada', { deviceName: 'Laptop' });
      expectRefusal(await patch(session.guid, body, access_token), 400, 'invalid_request');
      expect(rowOf(app, session.guid).name).toBe('Laptop');
    });

    it('answers 404 for a session that is unknown, malformed, over, or of another user', async () => {
      const { access_token } = await app.client.signIn();
      const bob = await app.client.signIn('bob', { deviceName: 'of bob' });
      const over = await app.client.signIn();
      await app.registry.revoke('id-of-ada', over.session.guid);
      const answers = await Promise.all(
        [UNKNOWN_GUID, 'x', over.session.guid, bob.session.guid].map((guid) =>
          patch(guid, { name: 'x' }, access_token),
        ),
      );
      expectRefusal(answers[0] as Answer, 404, 'not_found');
      for (const answer of answers) expect(everythingSeen(answer)).toEqual(everythingSeen(answers[0] as Answer));
      expect(rowOf(app, bob.session.guid).name).toBe('of bob');
    });
  });

  describe('DELETE /sessions/:guid', () => {
    it('answers 204 without a body, and the device is out', async () => {
      const { access_token } = await app.client.signIn();
      const other = await app.client.signIn();
      const { status, text, headers } = await del(`/sessions/${other.session.guid}`, access_token);
      expect({ status, text }).toEqual({ status: 204, text: '' });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(await verdictOf(app.auth.authenticate(other.access_token))).toBe('session_ended');
      expect(rowOf(app, other.session.guid)).toMatchObject({ endReason: 'revoked' });
    });

    it('answers 204 for a session that was over already', async () => {
      const { access_token } = await app.client.signIn();
      const other = await app.client.signIn();
      await app.client.logout({ token: other.access_token });
      expect((await del(`/sessions/${other.session.guid}`, access_token)).status).toBe(204);
      expect(rowOf(app, other.session.guid)).toMatchObject({ endReason: 'signed_out' });
    });

    it('answers 404 alike for what is unknown, malformed, over-long, or of another user', async () => {
      const { access_token, session } = await app.client.signIn();
      const bob = await app.client.signIn('bob');
      const guids = [
        ...[UNKNOWN_GUID, 'x', '%00', `${session.guid}0`, session.guid.toUpperCase(), 'a'.repeat(100)],
        ...['%27%20OR%201=1', '..%2f', '%F0%9F%98%80', bob.session.guid],
      ];
      const answers = await Promise.all(guids.map((guid) => del(`/sessions/${guid}`, access_token)));
      expectRefusal(answers[0] as Answer, 404, 'not_found');
      for (const answer of answers) expect(everythingSeen(answer)).toEqual(everythingSeen(answers[0] as Answer));
      expect(sessionRows(app.file).map(({ endedAt }) => endedAt)).toEqual([null, null]);
    });

    it('never meets a guid longer than a router takes with a 5xx', async () => {
      const { access_token } = await app.client.signIn();
      const { status } = await del(`/sessions/${'a'.repeat(2000)}`, access_token);
      // Fastify's router refuses a parameter over 100 characters by itself.
      expect(status).toBe(adapter === 'fastify' ? 414 : 404);
    });
  });

  describe('DELETE /sessions', () => {
    it('answers except=current with the number of the others, and this one stays', async () => {
      const { access_token } = await app.client.signIn();
      const others = [await app.client.signIn(), await app.client.signIn()];
      const bob = await app.client.signIn('bob');
      const answer = await del('/sessions?except=current', access_token);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: { revoked: 2 } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect((await app.client.profile(access_token)).status).toBe(200);
      expect((await app.client.profile(bob.access_token)).status).toBe(200);
      for (const other of others)
        expect(await verdictOf(app.auth.authenticate(other.access_token))).toBe('session_ended');
      expect((await del('/sessions?except=current', access_token)).body).toEqual({ revoked: 0 });
    });

    it('answers without a query with the number of all, and this one is over too', async () => {
      const { access_token } = await app.client.signIn();
      const other = await app.client.signIn();
      const bob = await app.client.signIn('bob');
      const answer = await del('/sessions', access_token);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: { revoked: 2 } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      for (const token of [access_token, other.access_token])
        expect(await verdictOf(app.auth.authenticate(token))).toBe('session_ended');
      expect((await app.client.profile(bob.access_token)).status).toBe(200);
    });

    it.each([
      ...['excpt=current', 'Except=current', 'except=Current', 'except=', 'except', 'except=others'],
      ...[
        'except=current&except=current',
        'except[]=current',
        'except=current&also=this',
        'constructor=x',
        '__proto__=x',
      ],
    ])('answers the query ?%s with 400 and signs nobody out', async (query) => {
      const { access_token } = await app.client.signIn();
      await app.client.signIn();
      expectRefusal(await del(`/sessions?${query}`, access_token), 400, 'invalid_request');
      expect(sessionRows(app.file).map(({ endedAt }) => endedAt)).toEqual([null, null]);
    });
  });

  describe('a guarded route', () => {
    const ROUTES: [string, string][] = [
      ['GET', '/profile'],
      ['GET', '/sessions'],
      ['PATCH', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', '/sessions'],
      ['DELETE', '/sessions?except=current'],
    ];

    it.each(ROUTES)('answers 401 on %s %s: Bearer alone without credentials', async (method, path) => {
      const answer = await app.client.call(method, path);
      expectRefusal(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    });

    it.each(ROUTES)('answers 401 on %s %s: error="invalid_token" with bad ones', async (method, path) => {
      const answer = await app.client.call(method, path, { token: 'garbage' });
      expectRefusal(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe(BAD_CREDENTIALS);
    });

    it.each([
      ['Basic credentials', 'Basic YWRhOmFkYS1wYXNzd29yZA=='],
      ['another scheme', 'Digest username="ada"'],
      ['a scheme that only begins like it', 'BearerX token'],
      ['the scheme and no token', 'Bearer '],
      ['an empty header', ''],
    ])('takes %s for no credentials', async (_, authorization) => {
      const answer = await app.client.call('GET', '/profile', { headers: { authorization } });
      expectRefusal(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    });

    it('reads the scheme in any case', async () => {
      const { access_token } = await app.client.signIn();
      const headers = { authorization: `bEARER ${access_token}` };
      expect((await app.client.call('GET', '/profile', { headers })).status).toBe(200);
    });

    it('takes no token from anywhere but the header', async () => {
      const { access_token } = await app.client.signIn();
      const answer = await app.client.call('GET', `/profile?access_token=${access_token}`, {
        headers: { cookie: `access_token=${access_token}`, 'x-access-token': access_token },
      });
      expectRefusal(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    });

    it('answers 401 for a refresh token', async () => {
      const { refresh_token } = await app.client.signIn();
      expectRefusal(await app.client.profile(refresh_token), 401, 'invalid_token');
      expect(await verdictOf(app.auth.authenticate(refresh_token))).toBe('wrong_header');
    });

    it('gives one answer, to the byte, whatever the reason of the refusal', async () => {
      const [purged, revoked, reused, expired] = [
        await app.client.signIn(),
        await app.client.signIn(),
        await app.client.signIn(),
        await app.client.signIn(),
      ];
      execute(app.file, 'DELETE FROM sessions WHERE guid = ?', purged.session.guid);
      await app.registry.revoke('id-of-ada', revoked.session.guid);
      const successor = await app.client.refresh(reused.refresh_token);
      await app.client.refresh(successor.body.refresh_token);
      await app.client.refresh(reused.refresh_token);
      const superseded = await app.client.signIn();
      const next = await app.client.refresh(superseded.refresh_token);
      await app.client.profile(next.body.access_token);
      app.clock.advance(10 * SECOND);

      const tokens: [string, string][] = [
        [purged.access_token, 'session_unknown'],
        [revoked.access_token, 'session_ended'],
        [reused.access_token, 'session_ended'],
        [superseded.access_token, 'superseded'],
        [tampered(expired.access_token), 'bad_signature'],
        ['garbage', 'malformed_token'],
      ];
      const answers: Answer[] = [];
      for (const [token, reason] of tokens) {
        expect(await verdictOf(app.auth.authenticate(token))).toBe(reason);
        answers.push(await app.client.profile(token));
      }
      app.clock.advance(5 * MINUTE);
      expect(await verdictOf(app.auth.authenticate(expired.access_token))).toBe('token_expired');
      answers.push(await app.client.profile(expired.access_token));
      expectRefusal(answers[0] as Answer, 401, 'invalid_token');
      for (const answer of answers) expect(everythingSeen(answer)).toEqual(everythingSeen(answers[0] as Answer));
    });
  });

  describe('a store that fails', () => {
    const CALLS: [string, (pair: TokenPair) => Promise<Answer>][] = [
      ['POST /auth/login', () => app.client.login('ada')],
      ['POST /auth/refresh', ({ refresh_token }) => app.client.refresh(refresh_token)],
      ['POST /auth/logout', ({ access_token }) => app.client.logout({ token: access_token })],
      ['POST /auth/logout by refresh token', ({ refresh_token }) => app.client.logout({ body: { refresh_token } })],
      ['GET /sessions', ({ access_token }) => app.client.list(access_token)],
      ['GET /sessions?state=ended', ({ access_token }) => app.client.listEnded(access_token)],
      ['PATCH /sessions/:guid', ({ access_token, session }) => patch(session.guid, { name: 'x' }, access_token)],
      ['DELETE /sessions/:guid', ({ access_token, session }) => del(`/sessions/${session.guid}`, access_token)],
      ['DELETE /sessions', ({ access_token }) => del('/sessions', access_token)],
      ['DELETE /sessions?except=current', ({ access_token }) => del('/sessions?except=current', access_token)],
      ['a route of the app', ({ access_token }) => app.client.profile(access_token)],
    ];

    it.each(CALLS)('is 503 with Retry-After on %s, never 401 and never a pass', async (_, call) => {
      const pair = await app.client.signIn();
      breakStore(app.file);
      const answer = await call(pair);
      expectRefusal(answer, 503, 'unavailable');
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(answer.text).not.toMatch(/sessions|SQL|table/);
    });

    it('is told to the operator as store_failed, with the fault beneath', async () => {
      const { access_token, refresh_token } = await app.client.signIn();
      breakStore(app.file);
      const failures = await Promise.all(
        [
          app.auth.login('id-of-ada'),
          app.auth.refresh(refresh_token),
          app.auth.authenticate(access_token),
          app.auth.logout({ accessToken: access_token }),
        ].map((work) => work.catch((error: unknown) => error)),
      );
      for (const failure of failures) {
        expect(failure).toMatchObject({ code: 'unavailable', reason: 'store_failed' });
        expect((failure as Error).cause).toMatchObject({ message: 'no such table: sessions' });
      }
    });

    it('closes nothing that is open to everybody', async () => {
      breakStore(app.file);
      expect((await get('/open')).body).toEqual({ open: true });
    });
  });

  describe('a body that cannot be read', () => {
    it.each(['/auth/login', '/auth/refresh', '/auth/logout'])('is 400 on POST %s', async (path) => {
      for (const body of ['{', '{"refresh_token":', 'nonsense', '{"username":"ada",}']) {
        const { status } = await app.client.call('POST', path, { body });
        expect(status).toBe(400);
      }
    });

    it.each(['/auth/login', '/auth/refresh'])('is a 4xx on POST %s, of whatever type', async (path) => {
      for (const type of [
        'text/plain',
        'application/xml',
        'application/octet-stream',
        'multipart/form-data; boundary=x',
      ]) {
        const { status } = await app.client.call('POST', path, { body: 'x', headers: { 'content-type': type } });
        expect([400, 415]).toContain(status);
      }
    });
  });

  describe('what no answer gives away', () => {
    it('is a refTokID outside of a token, or anything of another user', async () => {
      const bob = await app.client.signIn('bob', {
        deviceName: 'the phone of bob',
        headers: { 'user-agent': 'bobs-app/7' },
      });
      const bobsGuid = bob.session.guid;
      const ada = await app.client.signIn('ada');
      const spare = await app.client.signIn('ada');
      const first = await app.client.refresh(ada.refresh_token);
      const { access_token: token } = first.body;
      const answers: Answer<unknown>[] = [
        first,
        await app.client.refresh(ada.refresh_token),
        await app.client.profile(token),
        await app.client.list(token),
        await patch(ada.session.guid, { name: 'Laptop' }, token),
        await patch(bobsGuid, { name: 'Laptop' }, token),
        await del(`/sessions/${bobsGuid}`, token),
        await del(`/sessions/${spare.session.guid}`, token),
        await app.client.profile(spare.access_token),
        await app.client.refresh(spare.refresh_token),
        await del('/sessions?except=current', token),
        await app.client.listEnded(token),
        await del('/sessions', token),
        await app.client.logout({ token }),
        await app.client.login('ada'),
      ];
      const secrets = [
        ...sessionRows(app.file).flatMap(({ refTokID, predecessor }) => [refTokID, predecessor ?? refTokID]),
        ...[bobsGuid, 'id-of-bob', 'the phone of bob', 'bobs-app'],
      ];
      for (const { text, headers } of answers) {
        const seen = text.replace(JWT, 'JWT') + JSON.stringify([...headers]);
        expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
      }
      expect(rowOf(app, bobsGuid)).toMatchObject({
        endedAt: null,
        name: 'the phone of bob',
      });
    });
  });
});

describe.each(ADAPTERS)('a session that ended by itself, on %s', (adapter) => {
  beforeEach(() => start(adapter, { idleTimeout: '1h' }));
  afterEach(() => app.close());

  it('is shown among the ended ones, and is over for DELETE', async () => {
    const { session: idle } = await app.client.signIn();
    app.clock.advance(HOUR);
    const { access_token } = await app.client.signIn();
    expect((await app.client.list(access_token)).body).toHaveLength(1);
    const { body } = await app.client.listEnded(access_token);
    expect(body).toEqual([{ ...idle, current: false, endedAt: '2026-01-01T01:00:00.000Z', endReason: 'idle' }]);
    expect((await del(`/sessions/${idle.guid}`, access_token)).status).toBe(204);
    expect((await del('/sessions?except=current', access_token)).body).toEqual({ revoked: 0 });
  });

  it('cannot be named', async () => {
    const { session: idle } = await app.client.signIn('ada', { deviceName: 'Laptop' });
    app.clock.advance(HOUR);
    const { access_token } = await app.client.signIn();
    expectRefusal(await patch(idle.guid, { name: 'Phone' }, access_token), 404, 'not_found');
    expect(rowOf(app, idle.guid).name).toBe('Laptop');
  });
});

describe.each(ADAPTERS)('a sign-in beyond the number allowed, on %s', (adapter) => {
  beforeEach(() => start(adapter, { maxSessions: 1, whenFull: 'reject' }));
  afterEach(() => app.close());

  it('answers 403 session_limit, without a challenge, and leaves the session there is', async () => {
    const { access_token } = await app.client.signIn();
    const answer = await app.client.login('ada');
    expectRefusal(answer, 403, 'session_limit');
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect((await app.client.profile(access_token)).status).toBe(200);
  });
});

describe.each(ADAPTERS)('the routes mounted on %s', (adapter) => {
  afterEach(() => app.close());

  const ROUTES: Record<string, [string, string][]> = {
    login: [['POST', '/auth/login']],
    tokens: [
      ['POST', '/auth/refresh'],
      ['POST', '/auth/logout'],
    ],
    sessions: [
      ['GET', '/sessions'],
      ['PATCH', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', '/sessions'],
    ],
  };

  async function mounted(prefix = ''): Promise<string[]> {
    const groups: string[] = [];
    for (const [group, routes] of Object.entries(ROUTES)) {
      const statuses: number[] = [];
      for (const [method, path] of routes) statuses.push((await app.client.call(method, prefix + path)).status);
      const absent = statuses.filter((status) => status === 404).length;
      expect([0, statuses.length]).toContain(absent);
      if (absent === 0) groups.push(group);
    }
    return groups;
  }

  it('are all of them, by default', async () => {
    await start(adapter);
    expect(await mounted()).toEqual(['login', 'tokens', 'sessions']);
  });

  it('lie beneath the prefix, and only there', async () => {
    await start(adapter, { prefix: 'api' });
    expect(await mounted('/api')).toEqual(['login', 'tokens', 'sessions']);
    expect(await mounted()).toEqual([]);
    const body = { username: 'ada', password: 'ada-password' };
    const { status, body: pair } = await app.client.call<TokenPair>('POST', '/api/auth/login', { body });
    expect(status).toBe(200);
    expect((await get('/api/sessions', pair.access_token)).body).toEqual([pair.session]);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
  });

  it('are none with controllers: false, and the guard and the services work all the same', async () => {
    await start(adapter, { controllers: false });
    expect(await mounted()).toEqual([]);
    const { access_token } = await app.auth.login('id-of-ada');
    expect((await app.client.profile(access_token)).status).toBe(200);
    expect(await app.registry.list('id-of-ada')).toHaveLength(1);
  });

  it('are those named in controllers', async () => {
    await start(adapter, { controllers: ['tokens', 'sessions'] });
    expect(await mounted()).toEqual(['tokens', 'sessions']);
  });

  it('are all but login where the app gives no users', async () => {
    await start(adapter, { users: undefined });
    expect(await mounted()).toEqual(['tokens', 'sessions']);
  });
});
