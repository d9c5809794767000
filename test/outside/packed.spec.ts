import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sessionStoreContract, tokenCheckContract } from 'nestjs-session-registry/testing';
import { Client } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { type AppRow, APPS } from './matrix.js';
import { NODES } from './nodes.js';
import { PackedApp } from './packed-app.js';
import { signInAndOut } from './sign-in-and-out.js';

/** An app for the tests of one group. */
function useApp(row: AppRow, env?: () => Record<string, string>): PackedApp {
  const app = new PackedApp(row, env);
  beforeAll(() => app.make(inject('tarball')));
  afterAll(() => app.remove());
  return app;
}

/** The same with an empty database on PostgreSQL, of which the variable `DATABASE_URL` tells the app. */
function useAppOnPostgres(row: AppRow): PackedApp {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase('postgres');
  });
  const app = useApp(row, () => ({ DATABASE_URL: database.url }));
  afterAll(() => database.drop());
  return app;
}

it('the apps import nothing but packages, their own files and what they share', () => {
  const strangers = Object.values(APPS).flatMap(({ sources }) => foreignImports(sources));
  expect(strangers).toEqual([]);
});

/** What the files of an app import from elsewhere in the repository. */
function foreignImports(sources: string): string[] {
  const files = readdirSync(join('test/outside', sources), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(sources, name))
    .flatMap((file) =>
      [...readFileSync(join('test/outside', file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
        join(dirname(file), target),
      ),
    )
    .filter((target) => !target.startsWith(`${sources}/`) && !target.startsWith('common/'));
}

describe('a store and a check that somebody else wrote, with the packed library', () => {
  const app = useApp(APPS.ownStore);

  it('keep to the contracts, under the test runner of Node', async () => {
    const said = await app.test();
    const cases = sessionStoreContract.length + tokenCheckContract({ one: 'at once', all: 'at once' }).length;
    expect(said).toContain(`# pass ${cases}`);
    expect(said).toContain('# fail 0');
    expect(said).toContain('# skipped 0');
  });

  it('serve an app over HTTP: sign-in, list, renewal, and sign-outs at once', async () => {
    const client = new Client(await app.start());
    const login = (deviceName: string) => client.login('ada', { deviceName });
    const [phone, laptop, tablet] = [
      (await login('Phone')).body,
      (await login('Laptop')).body,
      (await login('TV')).body,
    ];
    const statuses = () =>
      Promise.all([phone, laptop, tablet].map(async (one) => (await client.profile(one.access_token)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await client.list(phone.access_token)).body).toMatchObject([{ name: 'Phone', current: true }, {}, {}]);
    expect((await client.refresh(phone.refresh_token)).status).toBe(200);
    const { guid } = laptop.session;
    expect((await client.call('DELETE', `/sessions/${guid}`, { token: phone.access_token })).status).toBe(204);
    expect(await statuses()).toEqual([200, 401, 200]);
    expect((await client.call('DELETE', '/sessions', { token: phone.access_token })).body).toEqual({ revoked: 2 });
    expect(await statuses()).toEqual([401, 401, 401]);
    expect((await client.profile((await login('Phone')).body.access_token)).status).toBe(200);
  });
});

describe('an app in CommonJS with TypeORM 0.3, snake case and migrations of its own', () => {
  const app = useAppOnPostgres(APPS.typeorm);
  const cli = (...args: string[]) =>
    app.run(['node_modules/typeorm/cli.js', ...args, '--dataSource', app.file('data-source.js')]);

  it("runs the library's migrations with TypeORM's CLI, and signs in and out over HTTP", async () => {
    const { code, said } = await cli('migration:run');
    expect(said).toContain('CreateSessions1764000000000 has been executed successfully');
    expect(code).toBe(0);
    await signInAndOut(new Client(await app.start()));
  });

  it('has nothing to generate then', async () => {
    expect((await cli('migration:generate', 'Later')).said).toContain('No changes in database schema were found');
  });
});

describe('an app with Drizzle on a Pool of pg', () => {
  const app = useAppOnPostgres(APPS.drizzle);

  it('keeps sessions over the same pool, without TypeORM', async () => {
    await signInAndOut(new Client(await app.start()));
  });
});

describe('an app without a driver', () => {
  const app = useApp(APPS.nodeSqlite);

  it.each(APPS.nodeSqlite.nodes)('keeps to the contract of the store on the SQLite of Node %s', async (node) => {
    const said = await app.test(node);
    expect(said).toContain(`# pass ${sessionStoreContract.length + 3}`);
    expect(said).toContain('# fail 0');
    expect(said).toContain('# skipped 0');
  });

  it('is told what it lacks where Node has no SQLite', async () => {
    const { said } = await app.run([app.file('embedded.js')], NODES[0]);
    expect(said).toContain('nothing here opens the embedded file');
    expect(said).toContain('Install `better-sqlite3`, use Node 22.16 or later, or name a database');
  });
});
