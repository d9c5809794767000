import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { MINUTE } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';
import { sessionRows } from '../support/sqlite-file.js';
import {
  app,
  del,
  everythingSeen,
  expectRefusal,
  get,
  patch,
  start,
  UNKNOWN_GUID,
  VIEW_KEYS,
} from './http-contract.js';

describe.each(ADAPTERS)('the HTTP contract on %s', (adapter) => {
  beforeEach(() => start(adapter));
  afterEach(() => app.close());

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
});
