import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { describeSessionStore } from '../contracts/session-store.contract.js';
import { describeSqlDatabase } from '../contracts/sql-database.contract.js';
import { createDatabase, DATABASES } from '../support/databases.js';

for (const kind of DATABASES.filter((name) => name !== 'sqlite')) {
  describeSessionStore(`on ${kind}`, async () => {
    const { options, drop } = await createDatabase(kind);
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    const closeAll = async () => {
      await close();
      await drop();
    };
    return { store: new SqlSessionStore(database), close: closeAll };
  });

  describeSqlDatabase(kind, () => createDatabase(kind));
}
