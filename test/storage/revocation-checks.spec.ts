import { afterAll } from 'vitest';
import { MemorySessionStore } from 'nestjs-session-registry';
import { describeRevocationChecks } from '../contracts/revocation-check.contract.js';
import { ADAPTERS, type Adapter } from '../support/app.js';
import { createDatabase, DATABASES, type DatabaseKind, type TestDatabase } from '../support/databases.js';

const opened: TestDatabase[] = [];
afterAll(async () => {
  for (const database of opened) await database.drop();
});

/** Each database, and each HTTP framework over one of them: neither knows of the other. */
const ADAPTERS_OVER: Record<DatabaseKind, readonly Adapter[]> = {
  sqlite: ADAPTERS,
  postgres: ['fastify'],
  mysql: ['express'],
};

for (const kind of DATABASES) {
  for (const adapter of ADAPTERS_OVER[kind]) {
    describeRevocationChecks(`${kind} on ${adapter}`, async () => {
      const database = await createDatabase(kind);
      opened.push(database);
      return { adapter, options: { database: database.options, migrate: true } };
    });
  }
}

describeRevocationChecks('a store of the app', async () => ({
  options: { store: new MemorySessionStore(), database: undefined },
}));

describeRevocationChecks('SQLite, with the denylist in memory', async () => ({
  options: { revocation: { denylist: 'memory' } },
}));
