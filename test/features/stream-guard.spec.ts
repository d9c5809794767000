import { afterEach, describe, expect, it } from 'vitest';
import { AuthError, type AuthModuleOptions, AuthService, type TokenPair } from 'nestjs-session-registry';
import { EventStreams } from '../../src/http/stream/event-streams.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { CHROME } from '../support/client.js';
import { EventReader } from '../support/event-reader.js';
import { SECOND } from '../support/times.js';

const ADA = 'id-of-ada';
const settled = () => new Promise((done) => setTimeout(done, 50));

let app: TestApp;
let streams: EventReader[];

describe.each(ADAPTERS)('a stream asks what the guard asks (%s)', (adapter) => {
  const start = async (options: Partial<AuthModuleOptions> = {}) => {
    app = await startApp({ adapter, options });
    streams = [];
  };
  const open = async ({ access_token }: TokenPair, headers?: Record<string, string>) => {
    const stream = await EventReader.open(app.client.baseUrl, access_token, headers);
    streams.push(stream);
    return stream;
  };
  /** Seconds pass, of which the streams are told. */
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      app.clock.advance(SECOND);
      app.nest.get(EventStreams).tick();
      await settled();
    }
  };
  afterEach(async () => {
    for (const stream of streams) stream.leave();
    await app.close();
  });

  it('and ends with the token it was opened with, however often the session is renewed', async () => {
    await start({ accessTtl: '2s' });
    let pair = await app.client.signIn();
    const stream = await open(pair);
    await pass(1);
    pair = (await app.client.refresh(pair.refresh_token)).body;
    expect(stream.isOver).toBe(false);
    await pass(1);
    await stream.over();
    await app.client.signIn('ada', { deviceName: 'Phone' });
    expect(stream.events).toEqual([]);
    const again = await open(pair, { 'last-event-id': stream.asides.join().match(/id: (\d+)/)?.[1] ?? '' });
    const missed = await again.heard(({ session }) => session.name === 'Phone');
    expect(missed.type).toBe('session.opened');
  });

  it('and tells nothing between the end of its token and the next tick', async () => {
    await start({ accessTtl: '2s' });
    const stream = await open(await app.client.signIn());
    app.clock.advance(2 * SECOND);
    await app.client.signIn('ada', { deviceName: 'Phone' });
    await stream.over();
    expect(stream.events).toEqual([]);
  });

  it('and tells a token that was superseded nothing', async () => {
    await start();
    const former = await app.client.signIn();
    const stream = await open(former, { 'user-agent': CHROME });
    const { body: pair } = await app.client.refresh(former.refresh_token);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    app.clock.advance(11 * SECOND);
    expect((await app.client.profile(former.access_token)).status).toBe(401);
    await app.client.signIn('ada', { deviceName: 'Phone' });
    await stream.over();
    expect(stream.events).toEqual([]);
  });

  it('and tells a token that somebody else superseded nothing but the end of its session', async () => {
    await start();
    const stolen = await app.client.signIn();
    const stream = await open(stolen, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' });
    const { body: pair } = await app.client.refresh(stolen.refresh_token);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
    await pass(21);
    await app.client.signIn('ada', { deviceName: 'Phone' });
    await settled();
    expect([stream.isOver, stream.events]).toEqual([false, []]);
    expect((await app.client.refresh(stolen.refresh_token)).status).toBe(401);
    await stream.over();
    expect(stream.events).toMatchObject([{ type: 'session.revoked', session: { endReason: 'reuse_detected' } }]);
  });

  it('and tells a user nothing who is not active any more, where requests ask it', async () => {
    await start({ checkUser: 'request' });
    const stream = await open(await app.client.signIn());
    const other = await app.client.signIn('ada');
    await stream.heard(({ type }) => type === 'session.opened');
    app.users.inactive.add(ADA);
    await app.registry.rename(ADA, other.session.guid, 'Kitchen');
    await stream.over();
    expect(stream.events.map(({ type }) => type)).toEqual(['session.opened']);
  });

  it('and ends within ten seconds if the guard refuses, although there is nothing to send', async () => {
    await start({ checkUser: 'request' });
    const stream = await open(await app.client.signIn());
    app.users.inactive.add(ADA);
    const before = app.users.activeQuestions;
    await pass(9);
    expect([stream.isOver, app.users.activeQuestions]).toEqual([false, before]);
    await pass(1);
    await stream.over();
    expect(app.users.activeQuestions).toBe(before + 1);
  });

  it('and is not opened for one whom the guard would refuse by the time there is something to tell', async () => {
    await start({ checkUser: 'request' });
    const pair = await app.client.signIn();
    await app.client.signIn();
    let questions = 0;
    app.users.isActive = () => {
      questions += 1;
      return questions < 2;
    };
    const stream = await open(pair, { 'last-event-id': '1' });
    expect([stream.response.status, questions]).toEqual([401, 2]);
  });

  it('and tells the reason where the question finds first that its own session is over', async () => {
    await start({ idleTimeout: '30s', touchInterval: '1s' });
    const stream = await open(await app.client.signIn());
    await pass(9);
    app.clock.advance(30 * SECOND);
    await pass(1);
    await stream.over();
    expect(stream.events.map(({ type, session }) => [type, session.current, session.endReason])).toEqual([
      ['session.revoked', true, 'idle'],
    ]);
  });

  it('and tells an ended session its own end alone, although the others ended with it', async () => {
    await start();
    const desk = await app.client.signIn();
    await app.client.signIn();
    const stream = await open(desk);
    await app.registry.revokeAll(ADA);
    await stream.over();
    expect(stream.events.map(({ session }) => [session.current, session.endReason])).toEqual([[true, 'revoked_all']]);
  });

  it('and stays open where nobody can be asked, tells nothing meanwhile, and ends where there is something to tell', async () => {
    await start();
    const stream = await open(await app.client.signIn());
    const auth = app.nest.get(AuthService);
    auth.authenticate = () => Promise.reject(new AuthError('unavailable', 'store_failed'));
    await pass(10);
    expect(stream.isOver).toBe(false);
    await app.client.signIn();
    await stream.over();
    expect(stream.events).toEqual([]);
  });

  it('and ends if a question is not answered in time', async () => {
    await start({ checkUser: 'request' });
    const stream = await open(await app.client.signIn());
    app.users.isActive = () => new Promise<boolean>(() => {}) as unknown as boolean;
    await pass(15);
    expect(stream.isOver).toBe(false);
    await pass(1);
    await stream.over();
  });
});
