import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { breakStore } from '../support/sqlite-file.js';
import { app, del, expectRefusal, get, patch, start } from './http-contract.js';

describe.each(ADAPTERS)('the HTTP contract on %s', (adapter) => {
  beforeEach(() => start(adapter));
  afterEach(() => app.close());

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
});
