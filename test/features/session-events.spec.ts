import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStreams } from '../../src/http/stream/event-streams.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { EventReader } from '../support/event-reader.js';
import { HOUR } from '../support/times.js';

describe.each(ADAPTERS)('GET /sessions/events (%s)', (adapter) => {
  let app: TestApp;
  const open = (token: string, headers?: Record<string, string>) =>
    EventReader.open(app.client.baseUrl, token, headers);
  const tick = (times: number) => {
    for (let n = 0; n < times; n++) app.nest.get(EventStreams).tick();
  };

  beforeEach(async () => {
    app = await startApp({ adapter });
  });
  afterEach(() => app.close());

  it('is an event stream that no proxy caches, changes or buffers', async () => {
    const { access_token } = await app.client.signIn();
    const { response } = await open(access_token);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('tells what happens to the other devices of the user, as the list would show them', async () => {
    const mine = await app.client.signIn();
    const stream = await open(mine.access_token);
    const { session } = await app.client.signIn('ada', { deviceName: 'Phone' });
    await app.client.signIn('grace');
    const opened = await stream.heard(({ type }) => type === 'session.opened');
    expect(opened.session).toEqual({ ...session, current: false });
    const path = `/sessions/${session.guid}`;
    await app.client.call('PATCH', path, { token: mine.access_token, body: { name: 'Kitchen' } });
    const changed = await stream.heard(({ type }) => type === 'session.changed');
    expect(changed.session).toMatchObject({ guid: session.guid, name: 'Kitchen' });
    await app.client.call('DELETE', path, { token: mine.access_token });
    const revoked = await stream.heard(({ type }) => type === 'session.revoked');
    expect(revoked.session).toEqual((await app.client.listEnded(mine.access_token)).body[0]);
    expect(stream.events.map(({ session: { guid } }) => guid)).toEqual(Array(3).fill(session.guid));
    expect([stream.isOver, JSON.stringify(stream.events)]).not.toContain('refTokID');
    stream.leave();
  });

  it('ends with the reason when the session that listens is signed out by another', async () => {
    const [desk, phone] = [await app.client.signIn(), await app.client.signIn()];
    const stream = await open(desk.access_token);
    await app.client.call('DELETE', `/sessions/${desk.session.guid}`, { token: phone.access_token });
    await stream.over();
    const last = stream.events.at(-1);
    expect(last).toMatchObject({
      type: 'session.revoked',
      session: { guid: desk.session.guid, current: true, endReason: 'revoked' },
    });
  });

  it('tells a theft, on the stream of the device it concerns', async () => {
    const pair = await app.client.signIn();
    const second = (await app.client.refresh(pair.refresh_token)).body;
    await app.client.profile(second.access_token);
    const stream = await open(second.access_token);
    app.clock.advance(HOUR / 60);
    expect((await app.client.refresh(pair.refresh_token)).status).toBe(401);
    await stream.over();
    expect(stream.events.at(-1)?.session).toMatchObject({ current: true, endReason: 'reuse_detected' });
  });

  it('tells who comes back what it missed', async () => {
    const mine = await app.client.signIn();
    const first = await open(mine.access_token);
    await first.aside('retry: 2000');
    const id = first.asides.find((line) => line.startsWith('id: '))?.slice(4) ?? '';
    first.leave();
    app.clock.advance(60_001);
    const { access_token: other, session } = await app.client.signIn();
    await app.client.logout({ token: other });
    const again = await open(mine.access_token, { 'last-event-id': id });
    const missed = await again.heard(({ type }) => type === 'session.revoked');
    expect(missed.session).toMatchObject({ guid: session.guid, endReason: 'signed_out' });
    again.leave();
    const nonsense = await open(mine.access_token, { 'last-event-id': '1e3, then' });
    expect([nonsense.response.status, nonsense.events]).toEqual([200, []]);
    nonsense.leave();
  });

  it('is refused without a session, as every guarded route is', async () => {
    const { status, body, headers } = await app.client.call<{ code: string }>('GET', '/sessions/events');
    expect([status, body.code, headers.get('www-authenticate')]).toEqual([401, 'invalid_token', 'Bearer']);
    const { access_token } = await app.client.signIn();
    await app.client.logout({ token: access_token });
    expect((await open(access_token)).response.status).toBe(401);
  });

  it('is 503 if the rows cannot be read, and not a silent stream', async () => {
    const { access_token } = await app.client.signIn();
    const { store } = app.registry as unknown as { store: { list(): Promise<never> } };
    const { AuthError } = await import('nestjs-session-registry');
    store.list = () => Promise.reject(new AuthError('unavailable', 'store_failed'));
    const { status, body } = await app.client.call<{ code: string }>('GET', '/sessions/events', {
      token: access_token,
    });
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });

  it('beats while nothing happens, so that no proxy takes it for dead', async () => {
    const stream = await open((await app.client.signIn()).access_token);
    tick(19);
    expect(stream.asides).not.toContain(':');
    tick(1);
    await stream.aside(':');
    stream.leave();
  });

  it('answers a HEAD with the headers alone', async () => {
    const { access_token } = await app.client.signIn();
    const { status, headers, text } = await app.client.call('HEAD', '/sessions/events', { token: access_token });
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/event-stream; charset=utf-8', '']);
  });

  it('does not keep the app from stopping', async () => {
    const { access_token } = await app.client.signIn();
    const stream = await open(access_token);
    await app.nest.close();
    await stream.over();
    app = await startApp({ adapter });
  });
});
