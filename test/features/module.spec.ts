import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Global,
  HttpException,
  type INestApplication,
  Injectable,
  Module,
  type ModuleMetadata,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import Database from 'better-sqlite3';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  AuthService,
  type AuthUser,
  type AuthUsers,
  CurrentSession,
  JwtSessionGuard,
  MemorySessionStore,
  Public,
  SessionEvents,
  SessionRegistry,
  sessionEntities,
  sessionMigrations,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { ADAPTERS, SECRET, startApp } from '../support/app.js';
import { Client, claimsOf } from '../support/client.js';
import { breakStore, sessionRows } from '../support/sqlite-file.js';
import { TestUsers } from '../support/users.js';

let folder: string;
let file: string;
let running: INestApplication[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  file = join(folder, 'app.sqlite');
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

/** True when no connection to the database file is open: only then can it leave the WAL mode. */
function isLetGo(name: string): boolean {
  const database = new Database(name, { timeout: 0 });
  try {
    return database.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch {
    return false;
  } finally {
    database.close();
  }
}

const inMemory = () => ({ secret: SECRET, store: new MemorySessionStore(), users: TestUsers });
const sqlite = (database: string) => ({ type: 'better-sqlite3', database, enableWAL: true }) as const;

@Controller()
class ProfileController {
  @UseGuards(JwtSessionGuard)
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}

/** A part of an app that uses the guard and the services, and imports nothing. */
@Injectable()
class Devices {
  constructor(
    readonly auth: AuthService,
    readonly registry: SessionRegistry,
    readonly events: SessionEvents,
  ) {}
}
@Module({ controllers: [ProfileController], providers: [Devices] })
class FeatureModule {}

describe('forRoot', () => {
  it('is enough with a secret, a users class and a place for the sessions', async () => {
    const { client } = await run({ imports: [AuthModule.forRoot(inMemory())], controllers: [ProfileController] });
    const { access_token, session } = await client.signIn();
    expect((await client.profile(access_token)).body).toEqual({
      userId: 'id-of-ada',
      guid: session.guid,
      claims: {},
    });
  });

  it('takes the names of the tokens from its options', async () => {
    const options = { ...inMemory(), issuer: 'https://id.example', audience: 'https://api.example' };
    const { client } = await run({ imports: [AuthModule.forRoot(options)] });
    const { access_token } = await client.signIn();
    expect(claimsOf(access_token)).toMatchObject({ iss: 'https://id.example', aud: 'https://api.example' });
  });
});

describe('forRootAsync', () => {
  const SETTINGS = Symbol('settings');

  @Module({ providers: [{ provide: SETTINGS, useValue: { issuer: 'the settings' } }], exports: [SETTINGS] })
  class SettingsModule {}

  @Injectable()
  class OptionsFactory implements AuthOptionsFactory {
    createAuthOptions(): AuthModuleOptions {
      return { secret: SECRET, users: TestUsers, issuer: 'the factory' };
    }
  }

  @Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
  class FactoryModule {}

  async function issuerWith(auth: Parameters<typeof AuthModule.forRootAsync>[0]): Promise<unknown> {
    const { client } = await run({ imports: [AuthModule.forRootAsync({ store: new MemorySessionStore(), ...auth })] });
    const { access_token } = await client.signIn();
    return claimsOf(access_token).iss;
  }

  it('takes the options of a factory, with what it injects from what it imports', async () => {
    const issuer = await issuerWith({
      imports: [SettingsModule],
      inject: [SETTINGS],
      useFactory: async (settings: { issuer: string }) => ({ secret: SECRET, users: TestUsers, ...settings }),
    });
    expect(issuer).toBe('the settings');
  });

  it('takes the options of a class it makes', async () => {
    expect(await issuerWith({ useClass: OptionsFactory })).toBe('the factory');
  });

  it('takes the options of a class the app has', async () => {
    expect(await issuerWith({ imports: [FactoryModule], useExisting: OptionsFactory })).toBe('the factory');
  });

  it('takes the extras beside the factory', async () => {
    const auth = AuthModule.forRootAsync({
      store: new MemorySessionStore(),
      prefix: 'api',
      controllers: ['sessions'],
      useFactory: () => ({ secret: SECRET }),
    });
    const { client } = await run({ imports: [auth] });
    expect((await client.call('GET', '/api/sessions')).status).toBe(401);
    expect((await client.call('POST', '/api/auth/login')).status).toBe(404);
  });
});

describe('isGlobal', () => {
  it('is on by default: every module uses the guard and the services without importing them', async () => {
    const { nest, client } = await run({ imports: [AuthModule.forRoot(inMemory()), FeatureModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
    expect(nest.get(Devices, { strict: false }).auth).toBe(nest.get(AuthService));
  });

  it('is on by default with forRootAsync too', async () => {
    const { store, ...options } = inMemory();
    const auth = AuthModule.forRootAsync({ store, useFactory: () => options });
    const { client } = await run({ imports: [auth, FeatureModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
  });

  it('can be off: a module that does not import them cannot be made', async () => {
    const auth = AuthModule.forRoot({ ...inMemory(), isGlobal: false });
    await expect(run({ imports: [auth, FeatureModule] })).rejects.toThrow(/can't resolve dependencies of the/);
  });

  it('can be off: a module that imports them has them', async () => {
    const auth = AuthModule.forRoot({ ...inMemory(), isGlobal: false });
    @Module({ imports: [auth], controllers: [ProfileController], providers: [Devices] })
    class ImportingModule {}
    const { client } = await run({ imports: [ImportingModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
  });
});

describe('the database', () => {
  it('is the file sessions.sqlite in the working directory where none is given, and has its tables at once', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { client, nest } = await run({ imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers })] });
      const { session } = await client.signIn();
      expect(sessionRows(join(folder, 'sessions.sqlite'))).toMatchObject([{ guid: session.guid }]);
      await nest.close();
      expect(readdirSync(folder)).toEqual(['sessions.sqlite']);
    } finally {
      process.chdir(before);
    }
  });

  it('keeps its sessions over a restart', async () => {
    const options = { secret: SECRET, users: TestUsers, database: sqlite(file) };
    const first = await run({ imports: [AuthModule.forRoot(options)] });
    const { refresh_token } = await first.client.signIn();
    await first.nest.close();
    const second = await run({ imports: [AuthModule.forRoot(options)] });
    expect((await second.client.refresh(refresh_token)).status).toBe(200);
  });

  it('is the one TypeORM options name, opened and migrated', async () => {
    const { client } = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: sqlite(file) })],
    });
    const { session } = await client.signIn();
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid }]);
  });

  it('runs no entity, migration or synchronization of the app on the connection it opens', async () => {
    const hostile = { ...sqlite(file), synchronize: true, dropSchema: true, migrationsRun: true };
    const first = await run({ imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: hostile })] });
    await first.client.signIn();
    await first.nest.close();
    const second = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: hostile })],
    });
    await second.client.signIn();
    expect(sessionRows(file)).toHaveLength(2);
  });

  it('is the DataSource the app provides, where no database is given', async () => {
    const database = await withTables(sqlite(file)).initialize();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: database }], exports: [DataSource] })
    class DatabaseModule {}
    const { client } = await run({
      imports: [DatabaseModule, AuthModule.forRoot({ secret: SECRET, users: TestUsers })],
    });
    const { session } = await client.signIn();
    expect(await database.query('SELECT guid FROM sessions')).toEqual([{ guid: session.guid }]);
    await database.destroy();
  });

  it('is the one given, though the app provides a DataSource', async () => {
    const other = await new DataSource(sqlite(':memory:')).initialize();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: other }], exports: [DataSource] })
    class DatabaseModule {}
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database: sqlite(file) });
    const { client } = await run({ imports: [DatabaseModule, auth] });
    const { session } = await client.signIn();
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid }]);
    await other.destroy();
  });

  it('is reached over a connection of its own where a DataSource on a file is given', async () => {
    const database = await withTables(sqlite(file)).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database });
    const { client } = await run({ imports: [auth] });
    const pair = await client.signIn();
    const runner = database.createQueryRunner();
    await runner.startTransaction();
    expect((await client.list(pair.access_token)).body).toHaveLength(1);
    await client.logout({ token: pair.access_token });
    await runner.rollbackTransaction();
    await runner.release();
    expect(sessionRows(file)).toMatchObject([{ endReason: 'signed_out' }]);
    await database.destroy();
  });

  it('is a DataSource that was not connected yet just as well, where it is on a file', async () => {
    const database = new DataSource(sqlite(file));
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database, migrate: true });
    const { client } = await run({ imports: [auth] });
    await client.signIn();
    expect(sessionRows(file)).toHaveLength(1);
    expect(database.isInitialized).toBe(false);
  });

  it('is shared with the DataSource given where that is in memory', async () => {
    const database = await withTables(sqlite(':memory:')).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database });
    const { client, nest } = await run({ imports: [auth] });
    const { session } = await client.signIn();
    await nest.close();
    expect(await database.query('SELECT guid FROM sessions')).toEqual([{ guid: session.guid }]);
    await database.destroy();
  });

  it('gets its tables with migrate: true, also in a DataSource in memory that knows none of its migrations', async () => {
    const database = await new DataSource(sqlite(':memory:')).initialize();
    const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database, migrate: true });
    try {
      const { client } = await run({ imports: [auth] });
      expect((await client.login('ada')).status).toBe(200);
    } finally {
      await database.destroy();
    }
  });

  function withTables(options: ReturnType<typeof sqlite>): DataSource {
    return new DataSource({
      ...options,
      entities: sessionEntities,
      migrations: sessionMigrations,
      migrationsRun: true,
    });
  }
});

describe('closing the app', () => {
  it('closes the database file it opened, after it wrote what was noted', async () => {
    const app = await startApp({ file });
    const { access_token, session } = await app.client.signIn();
    app.clock.advance(120_000);
    await app.client.profile(access_token);
    expect(isLetGo(file)).toBe(false);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await app.close();
    expect(isLetGo(file)).toBe(true);
    expect(sessionRows(file)).toMatchObject([{ guid: session.guid, lastActiveAt: app.clock.now() }]);
    expect(readdirSync(folder)).toEqual(['app.sqlite']);
  });

  it('closes its connection and leaves the DataSource of the app open', async () => {
    const database = new DataSource({ ...sqlite(file), migrations: sessionMigrations, migrationsRun: true });
    await database.initialize();
    const { nest, client } = await run({
      imports: [AuthModule.forRoot({ secret: SECRET, users: TestUsers, database })],
    });
    await client.signIn();
    await nest.close();
    expect(database.isInitialized).toBe(true);
    expect(await database.query('SELECT count(*) AS n FROM sessions')).toEqual([{ n: 1 }]);
    await database.destroy();
    expect(isLetGo(file)).toBe(true);
  });

  it('closes the file too when it refused to boot', async () => {
    const auth = AuthModule.forRoot({ secret: SECRET, controllers: true, database: sqlite(file) });
    await expect(run({ imports: [auth] })).rejects.toThrow(/`users`: it is missing/);
    for (const nest of running.splice(0)) await nest.close();
    expect(isLetGo(file)).toBe(true);
  });
});

describe('the users class', () => {
  it('is the instance another module of the app provides', async () => {
    @Module({ providers: [TestUsers] })
    class UsersModule {}
    const { nest, client } = await run({ imports: [AuthModule.forRoot(inMemory()), UsersModule] });
    await client.signIn();
    expect(nest.select(UsersModule).get(TestUsers).activeQuestions).toBe(1);
  });

  it('is made where no module provides it, with what it depends on', async () => {
    const table = new Map([['ada', 'ada-password']]);
    @Injectable()
    class UserTable {
      has(username: string, password: string): boolean {
        return table.get(username) === password;
      }
    }
    @Global()
    @Module({ providers: [UserTable], exports: [UserTable] })
    class TableModule {}
    @Injectable()
    class TableUsers implements AuthUsers {
      constructor(private readonly users: UserTable) {}
      validateCredentials(username: string, password: string): AuthUser | null {
        return this.users.has(username, password) ? { id: username } : null;
      }
      isActive(): boolean {
        return true;
      }
    }
    const { client } = await run({ imports: [TableModule, AuthModule.forRoot({ ...inMemory(), users: TableUsers })] });
    expect((await client.login('ada')).status).toBe(200);
    expect((await client.login('bob')).status).toBe(401);
  });
});

describe.each(ADAPTERS)('listeners of session events, on %s', (adapter) => {
  it('change no answer by throwing or rejecting, and leave the others to be told', async () => {
    const app = await startApp({ adapter });
    const events = app.nest.get(SessionEvents);
    for (const name of ['opened', 'renewed', 'repeated', 'reused', 'revoked', 'purged'] as const) {
      events.on(name, () => {
        throw new Error('this listener throws');
      });
      events.on(name, () => Promise.reject(new Error('this listener rejects')));
    }
    const told: string[] = [];
    for (const name of ['opened', 'renewed', 'repeated', 'reused', 'revoked'] as const) {
      events.on(name, () => told.push(name));
    }
    try {
      const { refresh_token } = await app.client.signIn();
      const second = await app.client.refresh(refresh_token);
      const repeated = await app.client.refresh(refresh_token);
      await app.client.refresh(second.body.refresh_token);
      const reused = await app.client.refresh(refresh_token);
      const other = await app.client.signIn();
      const revoked = await app.client.call('DELETE', '/sessions', { token: other.access_token });
      expect([second.status, repeated.status, reused.status, revoked.status]).toEqual([200, 200, 401, 200]);
      expect(told).toEqual(['opened', 'renewed', 'repeated', 'renewed', 'reused', 'revoked', 'opened', 'revoked']);
    } finally {
      await app.close();
    }
  });
});

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
