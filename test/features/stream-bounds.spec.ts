import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RefusalReason, SessionEvents } from 'nestjs-session-registry';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { EventReader } from '../support/event-reader.js';

const PATH = '/sessions/events';

/** Tells the app that a request came from another address, as a proxy does that it trusts. */
const from = (address: string) => ({ 'x-forwarded-for': address });

describe.each(ADAPTERS)('the streams of a process (%s)', (adapter) => {
  let app: TestApp;
  let streams: EventReader[];
  let refusals: RefusalReason[];

  beforeEach(async () => {
    app = await startApp({ adapter, prepare: trustProxy });
    streams = [];
    refusals = [];
    app.nest.get(SessionEvents).on('refused', ({ reason }) => refusals.push(reason));
  });
  afterEach(async () => {
    for (const stream of streams) stream.leave();
    await app.close();
  });

  const open = async (token: string, address = '10.0.0.1') => {
    const stream = await EventReader.open(app.client.baseUrl, token, from(address));
    streams.push(stream);
    return stream;
  };
  const openMany = async (count: number, token: string, address?: string) => {
    const opened = [];
    for (let n = 0; n < count; n++) opened.push(await open(token, address));
    return opened;
  };

  it('are twenty of a session: one more is refused, and the others stay', async () => {
    const { access_token } = await app.client.signIn();
    const first = await openMany(20, access_token);
    const more = await openMany(5, access_token);
    for (const { response } of more) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect(refusals).toEqual(Array(5).fill('too_many_streams'));
    expect(first.filter(({ isOver }) => isOver)).toEqual([]);
  });

  it('have a place for an address with few of them, at the cost of the address with most', async () => {
    const { access_token } = await app.client.signIn();
    const thief = await openMany(20, access_token, '203.0.113.9');
    const owner = await open(access_token, '10.0.0.1');
    await thief[0]?.over();
    await openMany(5, access_token, '203.0.113.9');
    expect([owner.response.status, owner.isOver, thief.filter(({ isOver }) => isOver).length]).toEqual([200, false, 1]);
  });

  it('are a hundred of a user, shared among the sessions', async () => {
    const pairs = [];
    for (let n = 0; n < 6; n++) pairs.push(await app.client.signIn());
    const tokens = pairs.map(({ access_token }) => access_token);
    const [owner, ...thief] = tokens as [string, ...string[]];
    for (const token of thief) await openMany(20, token);
    const own = await open(owner);
    await streams[0]?.over();
    expect((await open(thief[1] as string)).response.status).toBe(503);
    expect([own.response.status, own.isOver]).toEqual([200, false]);
    expect(streams.slice(1, 100).filter(({ isOver }) => isOver)).toEqual([]);
    const { access_token: ofGrace } = await app.client.signIn('grace');
    expect((await open(ofGrace)).response.status).toBe(200);
  });

  it('count from the moment they are asked for, and no longer than they are open', async () => {
    const { access_token } = await app.client.signIn();
    const atOnce = await Promise.all(Array.from({ length: 25 }, () => open(access_token)));
    expect(atOnce.filter(({ response }) => response.status === 503)).toHaveLength(5);
    for (const stream of atOnce) stream.leave();
    await app.client.list(access_token);
    const again = await openMany(20, access_token);
    expect(again.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
  });

  it('give a place back that could not be opened', async () => {
    const { access_token } = await app.client.signIn();
    const { store } = app.registry as unknown as { store: { list(): Promise<unknown> } };
    const list = store.list;
    store.list = () => Promise.reject(new Error('away'));
    await openMany(25, access_token);
    store.list = list;
    expect(await Promise.all((await openMany(20, access_token)).map(({ response }) => response.status))).toEqual(
      Array(20).fill(200),
    );
  });

  it('are the last on their connections, so that who comes again may get to another process', async () => {
    const { access_token: token } = await app.client.signIn();
    const answer = await new Promise<IncomingMessage>((done) => {
      get(app.client.baseUrl + PATH, { headers: { authorization: `Bearer ${token}`, connection: 'keep-alive' } }, done);
    });
    expect(answer.headers.connection).toBe('close');
    answer.destroy();
  });
});

function trustProxy(nest: NestExpressApplication): void {
  const instance = nest.getHttpAdapter().getInstance() as { set?: unknown; addHook?: AddHook };
  if (typeof instance.set === 'function') instance.set('trust proxy', true);
  // Fastify takes it when it is made, and never again.
  instance.addHook?.('onRequest', (request, _reply, done) => {
    Object.defineProperty(request, 'ip', { value: request.headers['x-forwarded-for'] });
    done();
  });
}

type AddHook = (
  name: 'onRequest',
  hook: (request: { headers: Record<string, string> }, reply: unknown, done: () => void) => void,
) => void;
