import { afterAll } from '@jest/globals';
import { MemorySessionStore } from 'nestjs-session-registry';
import { describeRevocationChecks } from '../contracts/revocation-check.contract.js';
import { ADAPTERS } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const opened: TestDatabase[] = [];
afterAll(async () => {
  for (const database of opened) await database.drop();
});

for (const kind of DATABASES) {
  for (const adapter of ADAPTERS) {
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
