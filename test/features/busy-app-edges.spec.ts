import { afterEach, describe, expect, it } from 'vitest';
import type { ExecutionContext, NestInterceptor } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { tap } from 'rxjs';
import { JwtSessionGuard, type SessionEventMap, SessionEvents } from 'nestjs-session-registry';
import { MAX_BODY } from '../../src/http/request-body.js';
import { ADAPTERS } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { CatchAll, Impatience, OwnGuard } from './busy-app-globals.js';
import { type BusyWorld, essence, startBusyApp } from './busy-app-world.js';
import { BUSY_APPS, type BusyApp } from './busy-apps.js';
import { expectRefusal } from './http-contract.js';

describe.each(ADAPTERS)('at the edges of a busy app on %s', (adapter) => {
  let world: BusyWorld;
  afterEach(() => world.app.close());

  async function start(busy: BusyApp): Promise<BusyWorld> {
    world = await startBusyApp(adapter, busy);
    return world;
  }

  it('an interceptor that gives up is answered by the app, and what comes too late is dropped', async () => {
    const impatience = new Impatience();
    const { app, client } = await start({ prepare: (nest) => nest.useGlobalInterceptors(impatience) });
    const checking = new Promise<void>((resolve) => (app.users.onCheck = resolve));
    let letIn = () => {};
    app.users.gate = new Promise<void>((resolve) => (letIn = resolve));
    const browser = new Browser(client, { 'sec-fetch-site': 'same-origin' });
    const late = browser.call('POST', '/auth/login', { body: { username: 'ada', password: 'ada-password' } });
    await checking;
    impatience.giveUp();
    expect(await late).toMatchObject({ status: 408, body: { message: 'Request Timeout' } });
    const opened = new Promise<SessionEventMap['opened']>((resolve) =>
      app.nest.get(SessionEvents).on('opened', resolve),
    );
    letIn();
    expect(await opened).toMatchObject({ userId: 'id-of-ada' });
    expect((await client.login('ada')).status).toBe(200);
    expect(browser.jar.size).toBe(0);
  });

  it('an interceptor gets no token to log, and no list to keep for the next user', async () => {
    const seen: unknown[] = [];
    const logging: NestInterceptor = { intercept: (_, next) => next.handle().pipe(tap((data) => seen.push(data))) };
    const { client, newUser } = await start({ prepare: (nest) => nest.useGlobalInterceptors(logging) });
    const { access_token, refresh_token } = await client.signIn(newUser());
    await client.list(access_token);
    await client.refresh(refresh_token);
    await client.refresh('garbage');
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
    await client.call('GET', '/notes');
    expect(seen).toHaveLength(5);
    expect(seen[4]).toMatchObject({ title: 'milk' });
  });

  it('a guard of the app answers for itself, in the shape of the filter of the app', async () => {
    const { client, newUser } = await start({
      providers: [{ provide: APP_GUARD, useClass: OwnGuard }],
      prepare: (nest) => nest.useGlobalFilters(new CatchAll(nest.getHttpAdapter())),
    });
    const { access_token: token } = await client.signIn(newUser());
    expect(await client.list(token)).toMatchObject({ status: 403, body: { oops: 403 } });
    expect((await client.call('GET', '/sessions', { token, headers: { 'x-tenant': 'acme' } })).status).toBe(200);
  });

  it('a guard of the app for other tokens may leave to JwtSessionGuard what that one decides', async () => {
    class ApiKeyGuard extends OwnGuard {
      override canActivate(context: ExecutionContext): boolean {
        const targets = [context.getHandler(), context.getClass()];
        const guards = new Reflector().getAllAndMerge<unknown[]>('__guards__', targets);
        return guards.includes(JwtSessionGuard) || super.canActivate(context);
      }
    }
    const { client, newUser } = await start({ providers: [{ provide: APP_GUARD, useClass: ApiKeyGuard }] });
    const { access_token: token, session } = await client.signIn(newUser());
    expect((await client.list(token)).body).toEqual([session]);
    expectRefusal(await client.list('garbage'), 401, 'invalid_token');
    expect((await client.call('GET', '/notes')).status).toBe(403);
  });

  it('no parser of queries makes "the others" into "all"', async () => {
    const { client, newUser } = await start({
      prepare: (nest) => adapter === 'express' && nest.set('query parser', false),
    });
    const user = newUser();
    const [{ access_token: token }] = [await client.signIn(user), await client.signIn(user)];
    expect((await client.call('DELETE', '/sessions?except=current', { token })).body).toEqual({ revoked: 1 });
    expect((await client.list(token)).status).toBe(200);
  });

  it('the keys may be left out of a global prefix, as any route', async () => {
    const keys = '.well-known/jwks.json';
    const { client } = await start({ prepare: (nest) => nest.setGlobalPrefix('api', { exclude: [keys] }) });
    expect((await client.call('GET', `/${keys}`)).status).toBe(200);
    expect((await client.call('GET', `/api/${keys}`)).status).toBe(404);
    expectRefusal(await client.call('GET', '/api/sessions'), 401, 'invalid_token');
  });

  it.each([
    ['versions in a header, with a default', { 'x-version': '7' }],
    ['versions in the media type, with a default', { accept: 'application/json;v=7' }],
  ])('our routes answer to any version: %s', async (name, headers) => {
    const { client, newUser } = await start(BUSY_APPS[name] as BusyApp);
    const { access_token: token, session } = await client.signIn(newUser(), { headers });
    expect((await client.call('GET', '/sessions', { token, headers })).body).toEqual([session]);
    expect((await client.call('GET', '/.well-known/jwks.json', { headers })).status).toBe(200);
    expect((await client.call('GET', '/notes', { headers })).status).toBe(404);
  });

  it('the prefix of the module puts its routes under a version', async () => {
    const { client, newUser } = await start({
      ...(BUSY_APPS['versions in the URI, with a default'] as BusyApp),
      modulePrefix: 'v1',
    });
    const username = newUser();
    const body = { username, password: `${username}-password` };
    expect((await client.call('POST', '/v1/auth/login', { body })).status).toBe(200);
    expect((await client.call('POST', '/auth/login', { body })).status).toBe(404);
  });
});

// Fastify parses JSON by itself.
describe('a body without a parser of the app, on Express', () => {
  let world: BusyWorld;
  afterEach(() => world.app.close());

  it('is read as JSON up to a limit, and refused as the contract says', async () => {
    world = await startBusyApp('express', { bodyParser: false });
    const send = (body: string, headers = {}) => world.client.call('POST', '/auth/login', { body, headers });
    const malformed = await send('{"username":');
    expectRefusal(malformed, 400, 'invalid_request');
    expect(malformed.body).toMatchObject({ message: 'the body is not JSON' });
    const message = `the body has more than ${MAX_BODY} bytes`;
    expect(essence(await send(JSON.stringify({ username: 'a'.repeat(MAX_BODY) })))).toEqual({
      status: 413,
      body: { statusCode: 413, error: 'Payload Too Large', message, code: 'invalid_request' },
      cacheControl: 'no-store',
    });
    const form = await send('username=ada&password=ada-password', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expectRefusal(form, 400, 'invalid_request');
    expect(form.body).toMatchObject({ message: 'username is missing; password is missing' });
    expect((await world.client.login('ada')).status).toBe(200);
  });
});
