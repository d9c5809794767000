import { expect, vi } from 'vitest';
import type { SessionView, TokenPair } from 'nestjs-session-registry';
import { EventReader } from '../support/event-reader.js';
import type { Cases } from './busy-app-sign-in.cases.js';
import { type BusyWorld, essence, guidOf } from './busy-app-world.js';
import { BAD_CREDENTIALS, expectRefusal, NO_CREDENTIALS, UNKNOWN_GUID } from './http-contract.js';

interface Devices {
  readonly desk: TokenPair;
  readonly phone: TokenPair;
  readonly token: string;
}

const residents = new WeakMap<BusyWorld, Promise<Devices>>();

/** Two devices of a user for cases that change nothing. */
function residentsOf(world: BusyWorld): Promise<Devices> {
  const known = residents.get(world) ?? devices(world);
  residents.set(world, known);
  return known;
}

/** Two devices of a new user. */
async function devices({ client, newUser }: BusyWorld): Promise<Devices> {
  const user = newUser();
  const desk = await client.signIn(user);
  const phone = await client.signIn(user, { deviceName: 'Phone' });
  return { desk, phone, token: desk.access_token };
}

const ok = (body: unknown) => ({ status: 200, body, cacheControl: 'no-store' });

/** What the contract says of `/sessions`. */
export const SESSIONS: Cases = {
  'GET /sessions answers 200 with an array, the current one first': async (world) => {
    const { desk, phone, token } = await residentsOf(world);
    const views = [desk.session, { ...phone.session, current: false }];
    expect(essence(await world.client.list(token))).toEqual(ok(views));
  },

  'GET /sessions answers a page, and names the next one in a Link': async (world) => {
    const { phone, token } = await residentsOf(world);
    const first = await world.client.call<SessionView[]>('GET', '/sessions?limit=1', { token });
    expect(first.body).toHaveLength(1);
    const [, link = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const path = link.slice(world.client.busy.prefix?.length ?? 0);
    const second = await world.client.call('GET', path, { token });
    expect(essence(second)).toEqual(ok([{ ...phone.session, current: false }]));
    expect(second.headers.get('link')).toBeNull();
  },

  'GET /sessions answers 400 for a query that it does not know': async (world) => {
    const { token } = await residentsOf(world);
    for (const query of ['state=nonsense', 'limit=x']) {
      expectRefusal(await world.client.call('GET', `/sessions?${query}`, { token }), 400, 'invalid_request');
    }
  },

  'GET /sessions?state=ended answers 200 with the ended ones': async (world) => {
    const { phone, token } = await devices(world);
    await world.client.logout({ token: phone.access_token });
    const ended = { ...phone.session, current: false, endedAt: phone.session.createdAt, endReason: 'signed_out' };
    expect(essence(await world.client.listEnded(token))).toEqual(ok([ended]));
  },

  'PATCH /sessions/:guid answers 200 with the renamed session': async (world) => {
    const { phone, token } = await devices(world);
    const answer = await world.client.call('PATCH', `/sessions/${guidOf(phone)}`, {
      token,
      body: { name: ' Tablet ' },
    });
    expect(essence(answer)).toEqual(ok({ ...phone.session, current: false, name: 'Tablet' }));
  },

  'PATCH /sessions/:guid answers 400 without a name or for a number, and 404 for an unknown session': async (world) => {
    const { phone, token } = await residentsOf(world);
    const rename = (guid: string, body: unknown) => world.client.call('PATCH', `/sessions/${guid}`, { token, body });
    const missing = await rename(guidOf(phone), {});
    expectRefusal(missing, 400, 'invalid_request');
    expect(missing.body).toMatchObject({ message: 'name is missing' });
    const number = await rename(guidOf(phone), { name: 7 });
    expectRefusal(number, 400, 'invalid_request');
    expect(number.body).toMatchObject({ message: 'name must be a string' });
    expectRefusal(await rename(UNKNOWN_GUID, { name: 'x' }), 404, 'not_found');
  },

  'DELETE /sessions/:guid answers 204, and 404 for a session of another user': async (world) => {
    const { phone, token } = await devices(world);
    const other = await devices(world);
    const path = (pair: TokenPair) => `/sessions/${guidOf(pair)}`;
    const answer = await world.client.call('DELETE', path(phone), { token });
    expect(essence(answer)).toEqual({ status: 204, body: '', cacheControl: 'no-store' });
    expectRefusal(await world.client.list(phone.access_token), 401, 'invalid_token');
    expect(world.refused.at(-1)).toMatchObject({ reason: 'session_ended', guid: guidOf(phone) });
    expectRefusal(await world.client.call('DELETE', path(other.phone), { token }), 404, 'not_found');
  },

  'DELETE /sessions?except=current answers 200 with their number, and DELETE /sessions too': async (world) => {
    const { token } = await devices(world);
    const others = await world.client.call('DELETE', '/sessions?except=current', { token });
    expect(essence(others)).toEqual(ok({ revoked: 1 }));
    const all = await world.client.call('DELETE', '/sessions', { token });
    expect(essence(all)).toEqual(ok({ revoked: 1 }));
  },

  'DELETE /sessions answers 400 for a query with a typo, and ends nothing': async (world) => {
    const { token } = await residentsOf(world);
    expectRefusal(await world.client.call('DELETE', '/sessions?excpt=current', { token }), 400, 'invalid_request');
    expect((await world.client.list(token)).body).toHaveLength(2);
  },

  'each route of a session answers 401 without credentials, and with bad ones': async ({ client }) => {
    const routes = [
      'GET /sessions',
      'PATCH /sessions/x',
      'DELETE /sessions/x',
      'DELETE /sessions',
      'GET /sessions/events',
    ];
    for (const [method = '', path = ''] of routes.map((route) => route.split(' '))) {
      const without = await client.call(method, path);
      expectRefusal(without, 401, 'invalid_token');
      expect(without.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    }
    const bad = await client.list('garbage');
    expectRefusal(bad, 401, 'invalid_token');
    expect(bad.headers.get('www-authenticate')).toBe(BAD_CREDENTIALS);
  },

  'a store that fails is 503 with Retry-After, in a handler and in the guard': async (world) => {
    const { token } = await devices(world);
    const away = new Error('the store is away');
    const inHandler = vi.spyOn(world.store, 'cutOff').mockRejectedValueOnce(away);
    const answers = [await world.client.call('DELETE', '/sessions', { token })];
    expect(inHandler).toHaveBeenCalledOnce();
    const inGuard = vi.spyOn(world.store, 'check').mockRejectedValueOnce(away);
    answers.push(await world.client.list(token));
    expect(inGuard).toHaveBeenCalledOnce();
    for (const answer of answers) {
      expectRefusal(answer, 503, 'unavailable');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
  },

  'GET /sessions/events answers 200 with a stream of events, which ends with its session': async (world) => {
    const { phone, token } = await devices(world);
    const stream = await EventReader.open(world.client.baseUrl, token, world.client.busy.headers);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
    await world.client.logout({ token: phone.access_token });
    const { session } = await stream.heard(({ type }) => type === 'session.revoked');
    expect(session).toMatchObject({ guid: guidOf(phone), endReason: 'signed_out' });
    await world.client.call('DELETE', '/sessions', { token });
    await stream.over();
  },
};
