import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionStoreContract, tokenCheckContract } from 'nestjs-session-registry/testing';
import { Client } from '../support/client.js';
import { isNewer, newerNode } from './newer-node.js';
import { type AppShape, PackedApp } from './packed-app.js';
import { PackedLibrary } from './packed-library.js';

const library = new PackedLibrary();
beforeAll(() => library.pack(), 240_000);
afterAll(() => library.remove());

/** An app for the tests of one group. */
function useApp(shape: AppShape): PackedApp {
  const app = new PackedApp(shape);
  beforeAll(() => app.make(library), 240_000);
  afterAll(() => app.remove());
  return app;
}

it('the apps import nothing but packages and what they share', () => {
  const folders = ['common', 'own-store-app', 'node-sqlite-app'];
  const files = folders.flatMap((folder) =>
    readdirSync(join('test/outside', folder)).map((name) => join(folder, name)),
  );
  const texts = files.map((file) => readFileSync(join('test/outside', file), 'utf8'));
  const imported = texts.flatMap((text) => [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name));
  expect(imported.filter((name) => name.startsWith('../') && !name.startsWith('../common/'))).toEqual([]);
});

describe('a store and a check that somebody else wrote, with the packed library', () => {
  const app = useApp({ sources: 'own-store-app' });

  it('keep to the contracts, under the test runner of Node', async () => {
    const said = await app.test();
    const cases = sessionStoreContract.length + tokenCheckContract({ one: 'at once', all: 'at once' }).length;
    expect(said).toContain(`# pass ${cases}`);
    expect(said).toContain('# fail 0');
    expect(said).toContain('# skipped 0');
  }, 120_000);

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

describe('an app without a driver', () => {
  const app = useApp({ sources: 'node-sqlite-app' });
  const node = newerNode();
  if ('missing' in node) console.warn(`SKIPPED: the contract of the store on node:sqlite. ${node.missing}`);

  ('path' in node ? it : it.skip)(
    'keeps to the contract of the store on the SQLite of Node',
    async () => {
      const said = await app.test('path' in node ? node.path : '');
      expect(said).toContain(`# pass ${sessionStoreContract.length + 3}`);
      expect(said).toContain('# fail 0');
      expect(said).toContain('# skipped 0');
    },
    120_000,
  );

  it('is told what it lacks where Node has no SQLite', async () => {
    const flags = isNewer ? ['--no-experimental-sqlite'] : [];
    const { said } = await app.run([...flags, app.file('embedded.js')]);
    expect(said).toContain('nothing here opens the embedded file');
    expect(said).toContain('Install `better-sqlite3`, use Node 22.16 or later, or name a database');
  });
});
