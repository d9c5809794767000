import { once } from 'node:events';
import { statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { Client, claimsOf, type ErrorBody } from '../support/client.js';
import type { ExampleCheckout, RunningExample } from './example-app.js';

const DEPTH = 9_000;
const NEST = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;
const LISTS = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const LONG_BODY = 2_000_000;
const DEMO = { username: 'demo', password: 'demo-password' };
const nobody = (n: number) => ({ username: `nobody-${n}`, password: 'wrong password' });
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';

/** What a client of the app sees, on either HTTP framework. */
export function adaptersStory(checkout: ExampleCheckout): void {
  describe.each(['express', 'fastify'])('the reference app on %s', (HTTP_ADAPTER) => {
    let app: RunningExample;
    let client: Client;
    let DATABASE_URL: string;

    beforeAll(async () => {
      DATABASE_URL = checkout.newDatabase();
      app = await checkout.start({ HTTP_ADAPTER, DATABASE_URL });
      client = new Client(app.url);
    });

    const signUp = (username: unknown, password: unknown) =>
      client.call<ErrorBody & { id: string; username: string }>('POST', '/users', { body: { username, password } });

    const newUser = async (username: string) => {
      const { status, body } = await signUp(username, `${username}-password`);
      expect(status).toBe(201);
      return body.id;
    };

    it('serves the page, and lets browsers run nothing else', async () => {
      const { status, headers, body } = await client.call<string>('GET', '/');
      expect(status).toBe(200);
      expect(body).toContain('<title>Your devices</title>');
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      for (const [, file] of body.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
        expect((await client.call('GET', file ?? '')).status).toBe(200);
      }
    });

    it.each(['/open', '/profile', '/nothing-here'])('sends the same headers with %s', async (path) => {
      const { headers } = await client.call('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it.each(['/main.js', '/..%2fmain.js', '/%2e%2e/main.js'])('serves no file beside the page: %s', async (path) => {
      expect((await client.call('GET', path)).status).toBe(404);
    });

    it('answers /open to everybody and /profile to nobody without a token', async () => {
      expect(await client.call('GET', '/open')).toMatchObject({ status: 200, body: { open: true } });
      const { status, headers } = await client.call('GET', '/profile');
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    });

    it('signs a user up, once, whatever the case of the letters', async () => {
      const { status, body } = await signUp('Ada', 'Ada-password');
      expect(status).toBe(201);
      expect(body).toEqual({ id: expect.any(String), username: 'Ada' });
      const again = await signUp('aDA', 'another password');
      expect(again.status).toBe(409);
      expect(again.body).toEqual({ statusCode: 409, error: 'Conflict', message: 'This user name is taken' });
      const login = await client.call('POST', '/auth/login', { body: { username: 'ADA', password: 'Ada-password' } });
      expect(login.status).toBe(200);
    });

    it('gives one of two sign-ups at once the name', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => signUp('twin', 'twin-password')));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    });

    it.each<readonly [string, object | string]>([
      ['a password that is short', { username: 'bob', password: 'seven77' }],
      ['a password that is missing', { username: 'bob' }],
      ['a password that is no text', { username: 'bob', password: 12345678 }],
      ['a name that is missing', { password: 'bob-password' }],
      ['a name that is empty', { username: ' ', password: 'bob-password' }],
      ['a name that is no text', { username: { $ne: null }, password: 'bob-password' }],
      ['a name that does not show', { username: 'b\0b', password: 'bob-password' }],
      ['a name that is long', { username: 'b'.repeat(65), password: 'bob-password' }],
      ['a name of a blank that has no width', { username: 'b\u200bb', password: 'bob-password' }],
      ['a name of a tag', { username: '\u{e0061}', password: 'bob-password' }],
      ['a name of a mark of direction', { username: '\u200f', password: 'bob-password' }],
      ...['\u3164', '\u115f', '\u1160', '\uffa0', '\u2800', '\u034f', '\ufe0f', '\u{1d159}'].map(
        (filler): [string, object] => [
          `a name of the filler ${JSON.stringify(filler)}`,
          { username: filler, password: 'bob-password' },
        ],
      ),
      ['a nest of thousands', NEST],
      ['a list of lists', LISTS],
      ['a name that is a nest', `{"username":${NEST},"password":"bob-password"}`],
      ['a password that is a list of lists', `{"username":"bob","password":${LISTS}}`],
      ['names of what every object has', '{"constructor":"bob","toString":1,"hasOwnProperty":"x"}'],
      ['no object', '[]'],
      ['no JSON', '{'],
    ])('refuses to sign up with %s', async (_what, body) => {
      const answer = await client.call<ErrorBody>('POST', '/users', { body });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ statusCode: 400 });
    });

    it.each([NEST, LISTS, `{"password":${NEST},"newPassword":${LISTS}}`, '{"password":"demo-password"}', '[]', '{'])(
      'refuses a change of password by a hostile body',
      async (body) => {
        const login = await client.call<TokenPair>('POST', '/auth/login', { body: DEMO });
        const answer = await client.call('PATCH', '/account/password', { token: login.body.access_token, body });
        expect(answer).toMatchObject({ status: 400, body: { statusCode: 400 } });
      },
    );

    it.each([
      ['an address that cannot be read', 400, { method: 'GET', path: '/%zz' }],
      ['a body that is no JSON', 400, { method: 'POST', path: '/users', body: '{' }],
      ['a body that is no JSON, to the library', 400, { method: 'POST', path: '/auth/login', body: '{' }],
      ['no such route', 404, { method: 'POST', path: '/nothing-here' }],
    ])('sends the same headers with the refusal of %s', async (_what, status, { method, path, ...given }) => {
      const answer = await client.call(method, path, given);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.headers.get('x-powered-by')).toBeNull();
    });

    it('sends the same headers with the refusal of a body that is long', async () => {
      const headers = { 'content-type': 'application/json', 'content-length': LONG_BODY };
      const sent = request(`${app.url}/users`, { method: 'POST', headers });
      sent.flushHeaders();
      // Express reads what it refuses to its end. Fastify closes the connection, and an answer to who still writes is lost.
      if (HTTP_ADAPTER === 'express') sent.end('x'.repeat(LONG_BODY));
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      sent.destroy();
      expect(answer.statusCode).toBe(413);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['x-powered-by']).toBeUndefined();
    });

    // Five seconds of every processor; the adapter has no part in it.
    if (HTTP_ADAPTER === 'express' || process.env.EXAMPLES === 'long')
      it('answers those who wait too long for a password that it is busy, and the others all the same', async () => {
        const answers = await Promise.all(
          Array.from({ length: 400 }, (_, n) => client.call<ErrorBody>('POST', '/auth/login', { body: nobody(n) })),
        );
        const busy = answers.filter(({ status }) => status === 503);
        expect(answers.filter(({ status }) => status === 401)).toHaveLength(400 - busy.length);
        expect(busy.length).toBeGreaterThan(0);
        for (const { body, headers } of busy) {
          expect([body.code, headers.get('retry-after')]).toEqual(['unavailable', '2']);
          expect(body.message).toMatch(/^Too many passwords are being checked/);
        }
        expect((await client.call('POST', '/auth/login', { body: DEMO })).status).toBe(200);
      });

    it.each(['demo', 'nobody', 'n\0body', '\ud800'])('refuses a wrong password for the name %j', async (username) => {
      const body = { username, password: 'wrong password' };
      const answer = await client.call<ErrorBody>('POST', '/auth/login', { body });
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    });

    it('lists the devices of a user and signs one of them out, at once', async () => {
      const userId = await newUser('grace');
      const laptop = await client.signIn('grace');
      const phone = await client.signIn('grace', { headers: { 'user-agent': PHONE } });
      expect((await client.profile(phone.access_token)).body).toEqual({ userId, guid: phone.session.guid });
      expect(claimsOf(phone.access_token)).toMatchObject({ username: 'grace' });

      const { body: devices } = await client.list(laptop.access_token);
      expect(devices.map(({ guid, current, name }) => ({ guid, current, name }))).toEqual([
        { guid: laptop.session.guid, current: true, name: 'Chrome on Windows' },
        { guid: phone.session.guid, current: false, name: 'Safari on iOS' },
      ]);

      const path = `/sessions/${phone.session.guid}`;
      expect((await client.call('DELETE', path, { token: laptop.access_token })).status).toBe(204);
      const refused = await client.profile<ErrorBody>(phone.access_token);
      expect(refused).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      expect((await client.profile(laptop.access_token)).status).toBe(200);
      expect((await client.listEnded(laptop.access_token)).body).toMatchObject([
        { guid: phone.session.guid, endReason: 'revoked' },
      ]);
    });

    it('renews a pair of tokens, and keeps the session', async () => {
      await newUser('edsger');
      const first = await client.signIn('edsger');
      const { status, body: second } = await client.refresh(first.refresh_token);
      expect(status).toBe(200);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect(second.session.guid).toBe(first.session.guid);
      expect((await client.profile(second.access_token)).status).toBe(200);
      expect(claimsOf(second.access_token)).toMatchObject({ username: 'edsger' });
    });

    it('keeps users, sign-ins and its secret over a restart', async () => {
      await newUser('barbara');
      const before = await client.signIn('barbara');
      await app.stop();
      app = await checkout.start({ HTTP_ADAPTER, DATABASE_URL });
      client = new Client(app.url);
      expect((await client.profile(before.access_token)).status).toBe(200);
      expect((await client.refresh(before.refresh_token)).status).toBe(200);
      expect((await client.signIn('barbara')).session.current).toBe(true);
    });

    it('keeps its secret where only its owner reads it', () => {
      const file = `${DATABASE_URL.replace('sqlite:', '')}.secret`;
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });
  });
}
