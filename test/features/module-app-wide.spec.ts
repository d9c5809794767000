import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  type ActiveSession,
  AuthModule,
  CurrentSession,
  JwtSessionGuard,
  MemorySessionStore,
  Public,
} from 'nestjs-session-registry';
import { ADAPTERS, SECRET, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { breakStore } from '../support/sqlite-file.js';
import { TestUsers } from '../support/users.js';

let folder: string;
let running: INestApplication[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  running = [];
});

afterEach(async () => {
  for (const nest of running) await nest.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An app made of these parts, listening; it is closed after the test. */
async function run(metadata: ModuleMetadata): Promise<{ nest: INestApplication; client: Client }> {
  const nest = (await Test.createTestingModule(metadata).compile()).createNestApplication({ logger: false });
  running.push(nest);
  await nest.listen(0, '127.0.0.1');
  return { nest, client: new Client(await nest.getUrl()) };
}

const inMemory = () => ({ secret: SECRET, store: new MemorySessionStore(), users: TestUsers });

describe('JwtSessionGuard as APP_GUARD', () => {
  @Controller()
  class OpenAndClosedController {
    @Public()
    @Get('open')
    open(@CurrentSession() session?: ActiveSession): { session: ActiveSession | null } {
      return { session: session ?? null };
    }

    @Get('profile')
    profile(@CurrentSession() { guid }: ActiveSession): { guid: string } {
      return { guid };
    }
  }

  @Public()
  @Controller('public')
  class PublicController {
    @Get()
    open(): { open: boolean } {
      return { open: true };
    }
  }

  it.each([
    ['useClass', { provide: APP_GUARD, useClass: JwtSessionGuard }],
    ['useExisting', { provide: APP_GUARD, useExisting: JwtSessionGuard }],
  ])('closes every route by %s, but those that are @Public, sign-in and renewal among them', async (_, guard) => {
    const { client } = await run({
      imports: [AuthModule.forRoot(inMemory())],
      controllers: [OpenAndClosedController, PublicController],
      providers: [guard],
    });
    const { access_token, refresh_token, session } = await client.signIn();
    expect((await client.call('GET', '/open')).body).toEqual({ session: null });
    expect((await client.call('GET', '/open', { token: 'garbage' })).body).toEqual({ session: null });
    expect((await client.call('GET', '/public')).body).toEqual({ open: true });
    expect((await client.profile(access_token)).body).toEqual({ guid: session.guid });
    const closed = await client.call('GET', '/profile');
    expect(closed).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect((await client.call('GET', '/sessions')).status).toBe(401);
    expect((await client.refresh(refresh_token)).status).toBe(200);
    expect((await client.logout({ body: { refresh_token } })).status).toBe(204);
  });
});

describe.each(ADAPTERS)('a catch-all exception filter of the app, on %s', (adapter) => {
  @Catch()
  class CatchAll implements ExceptionFilter {
    constructor(private readonly adapterHost: HttpAdapterHost) {}

    catch(exception: unknown, host: ArgumentsHost): void {
      const status = exception instanceof HttpException ? exception.getStatus() : 500;
      this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { caught: status }, status);
    }
  }

  @Module({ providers: [{ provide: APP_FILTER, useClass: CatchAll }] })
  class FilterModule {}

  const start = (how: 'a provider' | 'useGlobalFilters') =>
    how === 'a provider'
      ? startApp({ adapter, imports: [FilterModule] })
      : startApp({
          adapter,
          prepare: (nest) => nest.useGlobalFilters(new CatchAll(nest.get(HttpAdapterHost))),
        });

  it.each(['a provider', 'useGlobalFilters'] as const)(
    'given as %s still answers a guarded route with 401 and its challenge, and with 503',
    async (how) => {
      const app = await start(how);
      try {
        const { access_token } = await app.client.signIn();
        const without = await app.client.call('GET', '/profile');
        expect(without.status).toBe(401);
        expect(without.headers.get('www-authenticate')).toBe('Bearer');
        const bad = await app.client.profile('garbage');
        expect(bad.status).toBe(401);
        expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
        breakStore(app.file);
        const down = await app.client.profile(access_token);
        expect(down.status).toBe(503);
        expect(down.headers.get('retry-after')).toMatch(/^\d+$/);
      } finally {
        await app.close();
      }
    },
  );

  it.each(['a provider', 'useGlobalFilters'] as const)(
    "given as %s leaves the answers of the library's own routes",
    async (how) => {
      const app = await start(how);
      try {
        const wrong = await app.client.call('POST', '/auth/login', { body: { username: 'ada', password: 'wrong' } });
        expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
        expect(await app.client.refresh('garbage')).toMatchObject({ status: 401, body: { code: 'invalid_grant' } });
        const { access_token } = await app.client.signIn();
        const unknown = await app.client.call('DELETE', '/sessions/x', { token: access_token });
        expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
      } finally {
        await app.close();
      }
    },
  );
});
