import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sessionStoreContract } from 'nestjs-session-registry/testing';
import { Client } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { APPS } from './matrix.js';
import { NestNewApp, type NestNewShape } from './nest-new-app.js';
import { NODES } from './nodes.js';
import { signInAndOut } from './sign-in-and-out.js';

let postgres: TestDatabase;
let mariadb: TestDatabase;
beforeAll(async () => {
  [postgres, mariadb] = await Promise.all([createDatabase('postgres'), createDatabase('mysql')]);
});
afterAll(() => Promise.all([postgres.drop(), mariadb.drop()]));

/** An app for the tests of one group. */
function useApp(shape: () => Omit<NestNewShape, 'env'>): () => NestNewApp {
  let app: NestNewApp;
  beforeAll(async () => {
    app = new NestNewApp({ ...shape(), env: () => ({ POSTGRES_URL: postgres.url, MARIADB_URL: mariadb.url }) });
    await app.make(inject('tarball'));
  });
  afterAll(() => app.remove());
  return () => app;
}

describe('the app of `nest new` 11, in CommonJS', () => {
  const app = useApp(() => ({ row: APPS.nest11, packages: inject('nest11'), cliNode: NODES[0] }));

  describe.each(APPS.nest11.nodes)('on Node %s', (node) => {
    it('passes its tests, as `npm test` runs them with Jest', async () => {
      const said = await app().succeed(['node_modules/jest/bin/jest.js'], node);
      expect(said).toContain('PASS src/app.controller.spec.ts');
      expect(said).toContain(
        `Tests:       ${sessionStoreContract.length + 3} passed, ${sessionStoreContract.length + 3} total`,
      );
    });

    it('passes those of `npm run test:e2e`: sign-in through supertest, and each database', async () => {
      const said = await app().succeed(['node_modules/jest/bin/jest.js', '--config', './test/jest-e2e.json'], node);
      expect(said).toContain('Tests:       6 passed, 6 total');
    });

    it('serves on Express, with sessions in PostgreSQL', async () => {
      await signInAndOut(new Client(await app().start(node)));
      await app().stop();
    });
  });
});

describe('the app of `nest new` 12, in ES modules', () => {
  const packages = Object.fromEntries([...APPS.nest12.drivers, 'redis'].map((name) => [name, name]));
  const app = useApp(() => ({ row: APPS.nest12, packages, cliNode: NODES[1] }));
  const vitest = ['node_modules/vitest/vitest.mjs', 'run'];

  describe.each(APPS.nest12.nodes)('on Node %s', (node) => {
    it('passes its tests, as `npm test` runs them with Vitest', async () => {
      const said = await app().succeed(vitest, node);
      expect(said).toContain(`${sessionStoreContract.length + 2} passed`);
    });

    it('passes those of `npm run test:e2e`: sign-in through supertest', async () => {
      expect(await app().succeed([...vitest, '--config', './vitest.config.e2e.ts'], node)).toContain('2 passed');
    });

    it('serves on Fastify, with sessions in MariaDB', async () => {
      await signInAndOut(new Client(await app().start(node)));
      await app().stop();
    });
  });
});
