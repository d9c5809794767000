import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type ActiveSession, CurrentSession, type RefusalReason, SessionEvents } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import passport from 'passport';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { sendRaw } from '../support/browser.js';
import { breakStore } from '../support/sqlite-file.js';

let app: TestApp;

const bearer = (token: string) => `Bearer ${token}`;

describe.each(ADAPTERS)('several strategies in a row, on %s', (adapter) => {
  /** Lets in who sends its key; counts how often it was asked. */
  const apiKey: passport.Strategy = {
    authenticate({ headers }) {
      asked += 1;
      if (headers['x-api-key'] === 'the key') this.success({ userId: 'by-key' });
      else this.fail('ApiKey', 401);
    },
  };
  let asked: number;

  /** As many apps have it: throws what it is told, so that the answer keeps its code. */
  class TellingGuard extends AuthGuard(['jwt-session', 'api-key']) {
    override handleRequest<T>(error: unknown, user: T, info: unknown): T {
      if (error || !user) throw error || [info].flat()[0];
      return user;
    }
  }

  @Controller()
  class RowsController {
    @UseGuards(AuthGuard(['jwt-session', 'api-key']))
    @Get('session-first')
    first(@CurrentSession() { userId }: ActiveSession): string {
      return userId;
    }

    @UseGuards(AuthGuard(['api-key', 'jwt-session']))
    @Get('key-first')
    last(@CurrentSession() { userId }: ActiveSession): string {
      return userId;
    }

    @UseGuards(TellingGuard)
    @Get('telling')
    telling(@CurrentSession() { userId }: ActiveSession): string {
      return userId;
    }
  }

  let refused: RefusalReason[];
  beforeEach(async () => {
    passport.use('api-key', apiKey);
    asked = 0;
    app = await startApp({ adapter, controllers: [RowsController], providers: [JwtSessionStrategy] });
    refused = [];
    app.nest.get(SessionEvents).on('refused', ({ reason }) => refused.push(reason));
  });
  afterEach(() => app.close());

  const KEY = { 'x-api-key': 'the key' };
  const call = (path: string, headers: Record<string, string>) => app.client.call('GET', path, { headers });
  const PATHS = ['/session-first', '/key-first'];

  it.each(PATHS)('let in who has a session, and who has a key: %s', async (path) => {
    const { access_token } = await app.client.signIn();
    expect(await call(path, { authorization: bearer(access_token) })).toMatchObject({ status: 200, text: 'id-of-ada' });
    expect(await call(path, KEY)).toMatchObject({ status: 200, text: 'by-key' });
    expect(refused).toEqual([]);
  });

  it('ask the next one after a token that does not count, and report that token', async () => {
    const { access_token } = await app.client.signIn();
    await app.client.logout({ token: access_token });
    const answer = await call('/session-first', { ...KEY, authorization: bearer(access_token) });
    expect(answer).toMatchObject({ status: 200, text: 'by-key' });
    expect(refused).toEqual(['session_ended']);
  });

  it.each(PATHS)('answer 401 if none lets the request in: %s', async (path) => {
    expect(await call(path, {})).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
    expect(await call(path, { authorization: 'Bearer garbage' })).toMatchObject({ status: 401 });
    expect([asked, refused]).toEqual([2, ['malformed_token']]);
  });

  it('tell a guard of the app the answer with its code', async () => {
    const without = await call('/telling', {});
    expect(without).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    const bad = await call('/telling', { authorization: 'Bearer garbage' });
    expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('stop at a store that fails: nothing is known about this token', async () => {
    const { access_token } = await app.client.signIn();
    breakStore(app.file);
    const answer = await call('/session-first', { ...KEY, authorization: bearer(access_token) });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(asked).toBe(0);
  });

  it('stop at a malformed request: two tokens are not one too many for the next', async () => {
    const { access_token } = await app.client.signIn();
    const token = ['Authorization', bearer(access_token)];
    const two = await sendRaw(app, 'GET', '/session-first', [...token, ...token, 'X-Api-Key', 'the key']);
    expect(two).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(asked).toBe(0);
  });
});
