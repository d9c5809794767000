import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type DynamicModule, type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  AuthService,
  type ConfigurationError,
  inRealm,
  JwtSessionGuard,
  MemorySessionStore,
  SharedMedium,
  sessionEntities,
  sessionEntitiesOf,
  sessionMigrations,
  sessionMigrationsOf,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { SECRET } from '../support/app.js';
import { Client } from '../support/client.js';
import { MemoryLog } from '../support/memory-log.js';
import { TestUsers } from '../support/users.js';

const running: INestApplication[] = [];

afterEach(async () => {
  for (const nest of running.splice(0)) await nest.close();
});

async function run(metadata: ModuleMetadata): Promise<{ nest: INestApplication; client: Client }> {
  const nest = (await Test.createTestingModule(metadata).compile()).createNestApplication({ logger: false });
  running.push(nest);
  await nest.listen(0, '127.0.0.1');
  return { nest, client: new Client(await nest.getUrl()) };
}

const realm = (given: Partial<AuthModuleOptions> & AuthModuleExtras = {}): DynamicModule =>
  AuthModule.forRoot({ secret: SECRET, users: TestUsers, store: new MemorySessionStore(), ...given });

const refusalOf = (...imports: DynamicModule[]): Promise<ConfigurationError> =>
  run({ imports }).then(
    () => Promise.reject(new Error('the app booted')),
    (error: ConfigurationError) => error,
  );

const { privateKey } = generateKeyPairSync('ed25519');
const keys = [{ kid: 'pair', privateKey }, { secret: SECRET }];

describe('an app with two modules refuses to boot', () => {
  it.each<[string, () => DynamicModule[], string, RegExp]>([
    ['without names', () => [realm(), realm()], 'realm', /Name one of them, such as `realm: 'admin'`/],
    [
      'of the same name',
      () => [realm({ realm: 'admin' }), realm({ realm: 'admin', prefix: 'x' })],
      'realm',
      /two modules of this app have the name 'admin'/,
    ],
    [
      'with their routes in one place',
      () => [realm(), realm({ realm: 'admin', prefix: '' })],
      'prefix',
      /the realm 'admin' and the module without a name have the same routes, below '\/'|the module without a name and the realm/,
    ],
    [
      'with one issuer and one pair of keys',
      () => [realm({ ...pair(), issuer: 'us' }), realm({ ...pair(), issuer: 'us', realm: 'admin' })],
      'issuer',
      /would accept each other's access tokens/,
    ],
    [
      'with one store',
      () => {
        const store = new MemorySessionStore();
        return [realm({ store }), realm({ store, realm: 'admin' })];
      },
      'tables',
      /would keep their sessions in the same tables/,
    ],
    [
      'with one file and one prefix of tables',
      () => [inFile(), inFile({ realm: 'admin' })],
      'tables',
      /would keep their sessions in the same tables/,
    ],
    [
      'on a medium that cannot keep them apart',
      () => [realm(), realm({ realm: 'admin', revocation: { check: 'denylist', denylist: new Pipe() } })],
      'realm',
      /the medium of this module cannot keep realms apart/,
    ],
  ])('%s', async (_, modules, option, reason) => {
    const refusal = await refusalOf(...modules());
    expect(refusal).toMatchObject({ name: 'ConfigurationError', option });
    expect(refusal.message).toMatch(reason);
  });
});

describe('a realm', () => {
  it.each(['Admin', 'back-office', '1st', '', 'a'.repeat(25), 7])('is not called %j', (name) => {
    expect(() => realm({ realm: name as string })).toThrow(/cannot be the name of a realm/);
  });

  it('is an extra: a factory cannot name it', async () => {
    const auth = AuthModule.forRootAsync({
      useFactory: () => ({ secret: SECRET, realm: 'admin' }) as AuthModuleOptions,
    });
    expect(await refusalOf(auth)).toMatchObject({ option: 'realm' });
  });

  it('may be alone in its app, and several apps may have the same', async () => {
    const apps = [
      await run({ imports: [realm({ realm: 'admin' })] }),
      await run({ imports: [realm({ realm: 'admin' })] }),
    ];
    for (const { client } of apps) expect((await client.call('GET', '/admin/sessions')).status).toBe(401);
    for (const { nest } of apps) expect(() => nest.get(AuthService)).toThrow(/could not find AuthService/);
  });

  it('is one module, however many import it', async () => {
    const admin = realm({ realm: 'admin' });
    @Module({ imports: [admin] })
    class Feature {}
    const { client } = await run({ imports: [admin, Feature, realm()] });
    expect((await client.call('GET', '/admin/sessions')).status).toBe(401);
    expect((await client.call('GET', '/sessions')).status).toBe(401);
  });

  it('takes a prefix of its own, and shares the place of routes it does not mount', async () => {
    const { client } = await run({ imports: [realm(), realm({ realm: 'admin', prefix: 'back/office' })] });
    expect((await client.call('GET', '/back/office/sessions')).status).toBe(401);
    expect((await client.call('GET', '/admin/sessions')).status).toBe(404);
    const mounted = { realm: 'admin', prefix: '', controllers: false } as const;
    const other = await run({ imports: [realm(), realm(mounted)] });
    expect((await other.client.signIn()).token_type).toBe('Bearer');
  });

  it('is injected only where it is imported, if it is not global', async () => {
    const admin = realm({ realm: 'admin', isGlobal: false });
    const token = inRealm('admin', AuthService);
    const needs = { provide: 'part', inject: [token], useFactory: (auth: AuthService) => auth.realm };
    @Module({ providers: [needs] })
    class Outside {}
    @Module({ imports: [admin], providers: [needs], exports: ['part'] })
    class Inside {}
    await expect(run({ imports: [admin, Outside] })).rejects.toThrow(/can't resolve dependencies of the part/);
    expect((await run({ imports: [Inside] })).nest.get('part')).toBe('admin');
  });

  it('has its tables on the DataSource of the app, beside those of the other', async () => {
    const prefix = 'admin_';
    const dataSource = await new DataSource({
      ...{ type: 'better-sqlite3', database: ':memory:', migrationsRun: true },
      entities: [...sessionEntities, ...sessionEntitiesOf({ prefix })],
      migrations: [...sessionMigrations, ...sessionMigrationsOf({ prefix })],
    }).initialize();
    const options = { secret: SECRET, users: TestUsers, database: dataSource };
    const imports = [AuthModule.forRoot(options), AuthModule.forRoot({ ...options, realm: 'admin' })];
    const { client, nest } = await run({ imports });
    await new Client(`${client.baseUrl}/admin`).signIn();
    const rows = (table: string) => dataSource.query<unknown[]>(`SELECT guid FROM ${table}`);
    expect([(await rows('sessions')).length, (await rows('admin_sessions')).length]).toEqual([0, 1]);
    await nest.close();
    await dataSource.destroy();
  });

  it('says its name in the log', async () => {
    const log = new MemoryLog();
    @Module({ imports: [realm(), realm({ realm: 'admin' })], providers: [TestUsers] })
    class AppModule {}
    await (await NestFactory.createApplicationContext(AppModule, { logger: log })).close();
    const lines = log.lines.filter((line) => line.includes('are kept in'));
    expect(lines).toEqual([
      expect.stringMatching(/^log Sessions are kept in .* AuthModule$/),
      expect.stringMatching(/^log Sessions of the realm 'admin' are kept in .* AuthModule, realm admin$/),
    ]);
  });
});

describe('the guard of one module for the whole app', () => {
  it.each([
    ['customers', JwtSessionGuard, '/sessions', '/admin/sessions'],
    ['administrators', inRealm('admin', JwtSessionGuard), '/admin/sessions', '/sessions'],
  ])('leaves the routes of the library in the other to the guard there: %s', async (_, useClass, own, other) => {
    const { client } = await run({
      imports: [realm(), realm({ realm: 'admin' })],
      providers: [{ provide: APP_GUARD, useClass }],
    });
    const admins = new Client(`${client.baseUrl}/admin`);
    const [customer, admin] = [await client.signIn('ada'), await admins.signIn('ada')];
    const status = async (path: string, token?: string) => (await client.call('GET', path, { token })).status;
    const [mine, theirs] = own === '/sessions' ? [customer, admin] : [admin, customer];
    expect(await status(own, mine.access_token)).toBe(200);
    expect(await status(own, theirs.access_token)).toBe(401);
    expect(await status(other, theirs.access_token)).toBe(200);
    expect(await status(other, mine.access_token)).toBe(401);
    expect(await status(other)).toBe(401);
  });
});

/** A medium that knows nothing of realms. */
class Pipe extends SharedMedium {
  override async open(): Promise<void> {}

  override async close(): Promise<void> {}
}

function pair(): Partial<AuthModuleOptions> {
  return { secret: undefined, keys } as Partial<AuthModuleOptions>;
}

function inFile(given: AuthModuleExtras = {}): DynamicModule {
  const database = { type: 'better-sqlite3', database: ':memory:' } as const;
  const options = { secret: SECRET, users: TestUsers, database, tables: { prefix: 'auth_' } };
  return AuthModule.forRoot({ ...options, ...given });
}
