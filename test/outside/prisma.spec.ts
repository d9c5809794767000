import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Client } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { APPS } from './matrix.js';
import { PackedApp } from './packed-app.js';
import { signInAndOut } from './sign-in-and-out.js';

describe('an app with Prisma over its adapter for pg', () => {
  let database: TestDatabase;
  // The CLI looks for the engine that migrates, which `generate` does not use, and downloads it otherwise.
  const env = () => ({ DATABASE_URL: database.url, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
  const app = new PackedApp(APPS.prisma, env);
  const generate = () =>
    app.run(['node_modules/prisma/build/index.js', 'generate', '--config', 'prisma-app/prisma.config.ts']);

  beforeAll(async () => {
    database = await createDatabase('postgres');
    await app.make(inject('tarball'), inject('prisma'), async () => {
      const { code, said } = await generate();
      expect(said).toContain('Generated Prisma Client');
      expect(code).toBe(0);
    });
  });
  afterAll(async () => {
    await app.remove();
    await database.drop();
  });

  it('keeps sessions over the pool of the adapter, without TypeORM, before and after Prisma disconnects', async () => {
    await signInAndOut(new Client(await app.start()));
  });
});
