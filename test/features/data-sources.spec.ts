import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Global, type INestApplicationContext, type LoggerService, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  type AuthModuleOptions,
  AuthService,
  sessionEntities,
  sessionMigrations,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { SECRET } from '../support/app.js';

const opened: DataSource[] = [];
const apps: INestApplicationContext[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const dataSource of opened.splice(0)) if (dataSource.isInitialized) await dataSource.destroy();
});

/** Connects as the factory of `@nestjs/typeorm` does: after a while. */
async function connect(): Promise<DataSource> {
  const dataSource = new DataSource({
    ...{ type: 'better-sqlite3', database: ':memory:', migrationsRun: true },
    ...{ entities: [...sessionEntities], migrations: [...sessionMigrations] },
  });
  opened.push(dataSource);
  await wait(20);
  return dataSource.initialize();
}

/** The providers of `TypeOrmModule.forRoot({ name })`. */
const provided = (...tokens: Provider[]) => tokens;
const named = (name: string): Provider => ({ provide: `${name}DataSource`, useFactory: connect });

async function boot(
  providers: Provider[],
  options: Partial<AuthModuleOptions> = {},
  logger: LoggerService | false = false,
): Promise<INestApplicationContext> {
  const tokens = providers.map((one) => (one as { provide: string }).provide);
  @Global()
  @Module({ providers, exports: tokens })
  class DatabaseModule {}
  @Module({ imports: [AuthModule.forRoot({ secret: SECRET, ...options }), DatabaseModule] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger, abortOnError: false });
  apps.push(app);
  return app;
}

async function sessionsIn(app: INestApplicationContext, token: string): Promise<number> {
  const [row] = (await app.get<DataSource>(token).query('SELECT COUNT(*) AS found FROM sessions')) as {
    found: number;
  }[];
  return row?.found ?? 0;
}

const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'it booted',
    (error: Error) => error.message,
  );

describe('the DataSources of an app', () => {
  it('keep the sessions in the only one, though it has a name', async () => {
    const app = await boot(provided(named('main')));
    await app.get(AuthService).login('ada');
    expect(await sessionsIn(app, 'mainDataSource')).toBe(1);
  });

  it('keep them in the one that is named, and not in the others', async () => {
    const app = await boot(provided(named('main'), named('reports')), { dataSource: 'reports' });
    await app.get(AuthService).login('ada');
    expect([await sessionsIn(app, 'mainDataSource'), await sessionsIn(app, 'reportsDataSource')]).toEqual([0, 1]);
  });

  it('keep them in the one without a name, if there is one', async () => {
    const app = await boot(provided(named('reports'), { provide: DataSource, useFactory: connect }));
    await app.get(AuthService).login('ada');
    expect(await sessionsIn(app, DataSource as never)).toBe(1);
  });

  it('keep them in the class of another copy of TypeORM', async () => {
    const Copy = { DataSource: class DataSource {} }.DataSource;
    const app = await boot(provided({ provide: Copy, useFactory: connect }));
    await app.get(AuthService).login('ada');
    expect(await sessionsIn(app, Copy as never)).toBe(1);
  });

  it('are named at boot if several have names, with the option', async () => {
    expect(await refusalOf(boot(provided(named('main'), named('reports'))))).toBe(
      "AuthModule option `dataSource`: the app provides several DataSources, 'main', 'reports', and none without a name. " +
        'Name the one that keeps the sessions, or give `database`.',
    );
  });

  it('are named at boot if none of them has the name that is asked for', async () => {
    expect(await refusalOf(boot(provided(named('main')), { dataSource: 'mian' }))).toBe(
      "AuthModule option `dataSource`: the app provides no DataSource with the name 'mian'. There is 'main'.",
    );
  });

  it('are not what only has such a name', async () => {
    const source = { provide: 'weatherDataSource', useValue: { read: () => 'rain' } };
    const app = await boot(provided(source, named('main')));
    await app.get(AuthService).login('ada');
    expect(await sessionsIn(app, 'mainDataSource')).toBe(1);
  });
});

describe('in production', () => {
  const { NODE_ENV } = process.env;
  afterEach(() => {
    process.env.NODE_ENV = NODE_ENV;
  });

  it('no embedded file is guessed: the database has to be named', async () => {
    process.env.NODE_ENV = 'production';
    expect(await refusalOf(boot([]))).toBe(
      'AuthModule option `database`: it is missing, and the app provides no DataSource: an embedded file would be a guess in ' +
        "production. Name the database, even if it is a file: `{ type: 'better-sqlite3', database: '/var/lib/app/sessions.sqlite' }`.",
    );
    const app = await boot([], { database: { type: 'better-sqlite3', database: ':memory:' } });
    expect(await app.get(AuthService).login('ada')).toMatchObject({ token_type: 'Bearer' });
  });
});

describe('one line at boot', () => {
  it('says where sessions are kept, over whose connection, and how other processes hear of changes', async () => {
    const lines: unknown[] = [];
    const logger = { log: (line: unknown) => void lines.push(line), warn: () => {}, error: () => {} };
    await boot(provided(named('main')), {}, logger);
    await boot([], { database: { type: 'better-sqlite3', database: ':memory:' } }, logger);
    const where = lines.filter((line) => String(line).startsWith('Sessions are kept in'));
    const once = 'Other processes look for changes once a second.';
    expect(where).toEqual([
      `Sessions are kept in SQLite in memory, over the DataSource of the app. ${once}`,
      `Sessions are kept in SQLite in memory, over a connection of its own. ${once}`,
    ]);
  });
});
