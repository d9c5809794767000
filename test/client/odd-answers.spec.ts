import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, type SignedOutReason } from '../../src/client.js';
import { MINUTE } from '../support/times.js';
import { FakeBrowser } from './support/browser.js';
import { credentialsOf, DeviceClock, errorOf } from './support/device.js';
import { json, StreamServer } from './support/stream-server.js';

type Answer = (response: ServerResponse) => void;

let server: StreamServer;
let elsewhere: Server;
let stolen: string[];
let browser: FakeBrowser;
let device: DeviceClock;
let client: SessionClient;
let reasons: SignedOutReason[];

const answerAt = (path: string, answer: Answer) =>
  server.instead.set(path, (request, response) => request.resume().on('end', () => answer(response)));
const redirect =
  (status: number, to = '/taken'): Answer =>
  (response) => {
    const { port } = elsewhere.address() as AddressInfo;
    response.writeHead(status, { Location: `http://127.0.0.1:${port}${to}` }).end();
  };
const moved =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { Location: '/landed' }).end();
const page =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { 'Content-Type': 'text/html' }).end('<h1>Sign in to the proxy</h1>');
const say =
  (status: number, body: object): Answer =>
  (response) =>
    json(response, status, body);

beforeEach(async () => {
  stolen = [];
  elsewhere = createServer((request, response) => {
    stolen.push(`${request.headers.authorization ?? ''}`);
    request.on('data', (part) => stolen.push(String(part)));
    request.on('end', () => json(response, 200, { session: { guid: 'thief' }, expires_in: 300, revoked: 1 }));
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  server = await StreamServer.start();
  answerAt('/landed', say(200, {}));
  browser = new FakeBrowser();
  device = new DeviceClock();
  client = createSessionClient({ baseUrl: server.url });
  reasons = [];
  browser.atEnd(client.onSignedOut((reason) => reasons.push(reason)));
});

afterEach(async () => {
  device.close();
  await browser.close();
  await server.close();
  elsewhere.closeAllConnections();
  await new Promise((resolve) => elsewhere.close(resolve));
});

/** A request of the app's own, once the access token is past its end. */
const renewed = async () => {
  device.pass(10 * MINUTE);
  return browser.hurry(errorOf(client.fetch('/sessions')));
};

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of a sign-in takes the password nowhere (%d)', async (status) => {
    answerAt('/auth/login', redirect(status));
    expect(await errorOf(client.login(credentialsOf('ada')))).toMatchObject({ code: 'offline' });
    expect([stolen, await client.signedIn()]).toEqual([[], false]);
  });

  it.each([302, 307, 308])('of a renewal takes the refresh token nowhere (%d)', async (status) => {
    await client.login(credentialsOf('ada'));
    answerAt('/auth/refresh', redirect(status));
    expect(await renewed()).toMatchObject({ code: 'offline' });
    expect([stolen, await client.signedIn(), reasons]).toEqual([[], true, []]);
  });

  it.each([302, 307])('of a sign-out or of the device list is not followed (%d)', async (status) => {
    const { guid } = await client.login(credentialsOf('ada'));
    for (const path of [
      '/auth/logout',
      '/sessions?limit=100',
      '/sessions',
      `/sessions/${guid}`,
      '/sessions?except=current',
    ]) {
      answerAt(path, redirect(status));
    }
    const { sessions } = client;
    for (const attempt of [
      ...[() => client.logout(), () => sessions.list(), () => sessions.revoke(guid)],
      ...[() => sessions.revokeOthers(), () => sessions.revokeAll(), () => sessions.rename(guid, 'Kitchen')],
    ]) {
      expect(await errorOf(attempt())).toMatchObject({ code: 'offline' });
    }
    expect([stolen, await client.signedIn(), reasons]).toEqual([[], true, []]);
  });
});

it('a redirect of a route of the app is followed, as fetch does, and to another origin without the token', async () => {
  await client.login(credentialsOf('ada'));
  answerAt('/report', redirect(302));
  expect((await client.fetch('/report')).status).toBe(200);
  expect(stolen).toEqual(['']);
});

describe('a sign-out', () => {
  beforeEach(() => client.login(credentialsOf('ada')));

  it.each<[string, Answer, string]>([
    ['a redirect that ends in 200', moved(302), 'offline'],
    ['a see-other that ends in 200', moved(303), 'offline'],
    ['200 with an empty object', say(200, {}), 'offline'],
    ['200 with the page of a proxy', page(200), 'offline'],
    ['202', say(202, {}), 'offline'],
    ['a 401 of a proxy', page(401), 'http_401'],
    ['a 401 without our code', say(401, { message: 'Unauthorized' }), 'http_401'],
    ['a 403 of a proxy', page(403), 'http_403'],
    ['a 503', page(503), 'unavailable'],
  ])('is none when it is answered by %s', async (_what, answer, code) => {
    answerAt('/auth/logout', answer);
    expect(await errorOf(client.logout())).toMatchObject({ code });
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
    server.instead.delete('/auth/logout');
    await client.logout();
    expect([await client.signedIn(), reasons]).toEqual([false, ['signed_out']]);
  });

  it('of this device from its list is none either when it is not answered 204', async () => {
    const guid = 'guid-1';
    for (const answer of [say(200, {}), page(200), page(401), say(401, {})]) {
      answerAt(`/sessions/${guid}`, answer);
      await errorOf(client.sessions.revoke(guid));
      answerAt('/sessions', answer);
      await errorOf(client.sessions.revokeAll());
    }
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
  });
});

describe('an answer that is none of this server', () => {
  it.each<[string, Answer]>([
    ['an empty object', say(200, {})],
    ['a list', say(200, [])],
    ['null', (response) => response.end('null')],
    ['a text', (response) => response.end('"session"')],
    ['nothing', (response) => response.writeHead(204).end()],
    ['a page', page(200)],
  ])('is no sign-in and no renewal: %s', async (_what, answer) => {
    answerAt('/auth/login', answer);
    expect(await errorOf(client.login(credentialsOf('ada')))).toMatchObject({ code: 'offline' });
    expect(await client.signedIn()).toBe(false);
    server.instead.delete('/auth/login');
    await client.login(credentialsOf('ada'));
    const { text } = browser.storage;
    answerAt('/auth/refresh', answer);
    expect(await renewed()).toMatchObject({ code: 'offline' });
    expect([browser.storage.text, reasons]).toEqual([text, []]);
  });

  it.each<[string, Answer, string]>([
    ['a page', page(401), 'http_401'],
    ['no code', say(401, { message: 'Unauthorized' }), 'http_401'],
    ['a code of its own', say(401, { code: 'proxy_authentication' }), 'proxy_authentication'],
    ['a page, as malformed', page(400), 'http_400'],
  ])('to a renewal signs nobody out by a 401 with %s', async (_what, answer, code) => {
    await client.login(credentialsOf('ada'));
    answerAt('/auth/refresh', answer);
    expect(await renewed()).toMatchObject({ code });
    expect([await client.signedIn(), reasons]).toEqual([true, []]);
  });

  it('is no list, no name and no number of devices', async () => {
    const { guid } = await client.login(credentialsOf('ada'));
    for (const path of [
      '/sessions?limit=100',
      '/sessions?state=ended',
      `/sessions/${guid}`,
      '/sessions?except=current',
    ]) {
      answerAt(path, say(200, {}));
    }
    const { sessions } = client;
    const attempts = [sessions.list(), sessions.ended(), sessions.rename(guid, 'Kitchen'), sessions.revokeOthers()];
    for (const attempt of attempts) expect(await errorOf(attempt)).toMatchObject({ code: 'offline' });
  });
});

it('a renewal that this server refuses by its code signs out', async () => {
  await client.login(credentialsOf('ada'));
  answerAt('/auth/refresh', say(401, { code: 'invalid_grant' }));
  answerAt('/sessions', say(401, { code: 'invalid_token' }));
  device.pass(10 * MINUTE);
  expect((await browser.hurry(client.fetch('/sessions'))).status).toBe(401);
  expect([await client.signedIn(), reasons]).toEqual([false, ['unknown']]);
});
