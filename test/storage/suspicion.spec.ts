import { describe, expect, it } from 'vitest';
import { SessionEvents } from '../../src/events/session-events.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { Session } from '../../src/sessions/session.js';
import { SessionRegistry } from '../../src/sessions/session-registry.js';
import { MemoryRuns } from '../../src/storage/memory/memory-runs.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import type { SqlDatabase } from '../../src/storage/sql/sql-database.js';
import { SqlRuns } from '../../src/storage/sql/sql-runs.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { CrossingWatch } from '../../src/suspicion/crossing-watch.js';
import { describeRunStore } from '../contracts/run-store.contract.js';
import { createDatabase, DATABASES } from '../support/databases.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { MINUTE } from '../support/times.js';

describeRunStore('in memory', async () => {
  const sessions = new MemorySessionStore();
  return { runs: new MemoryRuns(sessions), sessions, close: async () => {} };
});

for (const kind of DATABASES) {
  describeRunStore(`on ${kind}`, async () => {
    const { options, drop } = await createDatabase(kind);
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: 10_000 });
    const closeAll = async () => {
      await close();
      await drop();
    };
    return { runs: new SqlRuns(database), sessions: new SqlSessionStore(database), close: closeAll };
  });
}

const OWNER = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ip: '192.0.2.1' };
const THIEF = { userAgent: 'curl/8.14.1', ip: '203.0.113.9' };

/** A database, and how often it was asked. */
function counted(database: SqlDatabase): { database: SqlDatabase; take(): number } {
  let count = 0;
  const counting: SqlDatabase = {
    dialect: database.dialect,
    get ordinary() {
      return this;
    },
    get bulk() {
      return this;
    },
    rows: (...asked) => {
      count++;
      return database.rows(...asked);
    },
    run: (...asked) => {
      count++;
      return database.run(...asked);
    },
    transaction: (work) => database.transaction(work),
  };
  const take = () => {
    const taken = count;
    count = 0;
    return taken;
  };
  return { database: counting, take };
}

describe.each(DATABASES)('what suspicion costs on %s', (kind) => {
  it('is nothing at a renewal, nor where one client presents both, and two statements where another does', async () => {
    const { options: connection, drop } = await createDatabase(kind);
    const opened = await openDatabase({ database: connection, migrate: true, timeout: 10_000 });
    const { database, take } = counted(opened.database);
    const [clock, events] = [new TestClock(), new SessionEvents()];
    const options = resolveOptions({ secret: 'a test secret of more than thirty-two bytes', clock });
    const limits = { devices: 5, networks: 20 };
    const watch = new CrossingWatch(new SqlRuns(database), limits, clock, events, () => {});
    const store = new SqlSessionStore(database);
    const asked = async (registry: SessionRegistry) => {
      const result = await registry.open({ userId: 'ada', ticket: 0, ...OWNER });
      const { guid, refTokID } = (result as { session: Session }).session;
      const costs: number[] = [];
      take();
      for (const client of [OWNER, OWNER, THIEF, THIEF]) {
        clock.advance(1_000);
        await registry.renew({ userId: 'ada', guid }, refTokID, client);
        costs.push(take());
      }
      return costs;
    };
    try {
      const renewal = kind === 'mysql' ? 2 : 1;
      // A predecessor costs the swap that fails, a look at the row, and one at the cutoffs.
      const without = await asked(new SessionRegistry(store, options, clock, events));
      expect(without).toEqual([renewal, 3, 3, 3]);
      clock.advance(MINUTE);
      // The second time the generation was counted already.
      expect(await asked(new SessionRegistry(store, options, clock, events, watch))).toEqual([renewal, 3, 5, 4]);
    } finally {
      await opened.close();
      await drop();
    }
  });
});
