import { MemoryDenylist } from '../../src/storage/memory/memory-denylist.js';
import { pruneDenials } from '../../src/storage/sql/denials.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlDenylist } from '../../src/storage/sql/sql-denylist.js';
import { describeDenylist } from '../contracts/denylist.contract.js';
import { createDatabase, DATABASES } from '../support/databases.js';
import { TestClock } from '../../src/testing/test-clock.js';

const clock = new TestClock();
const now = () => clock.now();

describeDenylist('in memory', async () => {
  const denylist = new MemoryDenylist();
  return { denylist, now, passed: (moment) => denylist.prune(moment + 1), close: async () => {} };
});

for (const kind of DATABASES) {
  describeDenylist(`on ${kind}`, async () => {
    const { options, drop } = await createDatabase(kind);
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    const denylist = new SqlDenylist(database);
    const closeAll = async () => {
      await close();
      await drop();
    };
    return { denylist, now, passed: (moment) => pruneDenials(database, moment + 1), close: closeAll };
  });
}
