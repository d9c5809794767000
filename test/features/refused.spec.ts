import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SessionEventMap, SessionEvents } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { breakStore } from '../support/sqlite-file.js';

describe.each(ADAPTERS)('a refusal on %s is told to the listeners once (ASVS 16.3.1)', (adapter) => {
  let app: TestApp;
  let refused: SessionEventMap['refused'][];
  beforeEach(async () => {
    app = await startApp({ adapter });
    refused = [];
    app.nest.get(SessionEvents).on('refused', (event) => refused.push(event));
  });
  afterEach(() => app.close());

  it('with the reason the client is not told', async () => {
    const at = app.clock.now();
    await app.client.call('POST', '/auth/login', { body: { username: 'ada', password: 'wrong' } });
    await app.client.call('POST', '/auth/login', { body: {} });
    await app.client.call('GET', '/profile');
    await app.client.profile('garbage');
    await app.client.refresh('garbage');
    expect(refused).toEqual([
      { code: 'invalid_credentials', reason: 'wrong_password', at },
      { code: 'invalid_request', reason: 'malformed_request', at },
      { code: 'invalid_token', reason: 'no_credentials', at },
      { code: 'invalid_token', reason: 'malformed_token', at },
      { code: 'invalid_grant', reason: 'malformed_token', at },
    ]);
  });

  it('with the session, if a verified token named one', async () => {
    const { access_token, refresh_token, session } = await app.client.signIn();
    await app.client.logout({ token: access_token });
    const named = { userId: 'id-of-ada', guid: session.guid, at: app.clock.now() };
    await app.client.profile(access_token);
    await app.client.refresh(refresh_token);
    expect(refused).toEqual([
      { code: 'invalid_token', reason: 'session_ended', ...named },
      { code: 'invalid_grant', reason: 'session_ended', ...named },
    ]);
  });

  it('when a session of somebody else is asked for', async () => {
    const [ada, bob] = [await app.client.signIn('ada'), await app.client.signIn('bob')];
    await app.client.call('DELETE', `/sessions/${bob.session.guid}`, { token: ada.access_token });
    expect(refused).toEqual([{ code: 'not_found', reason: 'session_unknown', at: app.clock.now() }]);
  });

  it('when the database does not answer', async () => {
    const { access_token } = await app.client.signIn();
    breakStore(app.file);
    await app.client.profile(access_token);
    expect(refused).toEqual([{ code: 'unavailable', reason: 'store_failed', at: app.clock.now() }]);
  });

  it('and never when a request is let in', async () => {
    const { access_token, refresh_token } = await app.client.signIn();
    await app.client.profile(access_token);
    await app.client.refresh(refresh_token);
    await app.client.logout({ body: { refresh_token } });
    expect(refused).toEqual([]);
  });
});
