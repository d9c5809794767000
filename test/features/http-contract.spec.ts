import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { MINUTE, SECOND } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { execute, sessionRows } from '../support/sqlite-file.js';
import {
  app,
  BAD_CREDENTIALS,
  del,
  everythingSeen,
  expectRefusal,
  JWT,
  NO_CREDENTIALS,
  patch,
  start,
  tampered,
  UNKNOWN_GUID,
} from './http-contract.js';

describe.each(ADAPTERS)('the HTTP contract on %s', (adapter) => {
  beforeEach(() => start(adapter));
  afterEach(() => app.close());

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
