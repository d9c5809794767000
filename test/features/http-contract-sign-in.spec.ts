import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS } from '../support/app.js';
import { type Answer, claimsOf, type ErrorBody, headerOf } from '../support/client.js';
import { DAY, MINUTE } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { execute, sessionRows } from '../support/sqlite-file.js';
import {
  app,
  everythingSeen,
  expectRefusal,
  NO_CREDENTIALS,
  post,
  START,
  start,
  tampered,
  UNKNOWN_GUID,
  UUID,
} from './http-contract.js';

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
      expect((body as ErrorBody).message).toMatch(/username must be a string; password is missing/);
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
});
