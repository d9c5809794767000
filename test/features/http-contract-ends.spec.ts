import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import { DAY, HOUR } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { app, BAD_CREDENTIALS, del, expectRefusal, NO_CREDENTIALS, patch, start, tampered } from './http-contract.js';

describe.each(ADAPTERS)('the HTTP contract on %s', (adapter) => {
  beforeEach(() => start(adapter));
  afterEach(() => app.close());

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
