import { describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { describeEverybodyInSql } from '../contracts/everybody.contract.js';
import { atOnce, NO_LIMITS, NOW, sessionOf, someone } from '../../src/testing/session-store/session-fixtures.js';
import { createDatabase, DATABASES } from '../support/databases.js';
import { cutOffWhole } from '../../src/testing/cut-off-whole.js';

for (const kind of DATABASES) describeEverybodyInSql(kind, () => createDatabase(kind));

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('a cutoff of everybody on %s', (kind) => {
  it('comes to its turn among sign-ins that overlap without a gap', async () => {
    const { options, drop } = await createDatabase(kind);
    const pool = kind === 'postgres' ? { poolSize: 41 } : { extra: { connectionLimit: 41 } };
    const database = { ...options, ...pool } as DataSourceOptions;
    const opened = await openDatabase({ database, migrate: true, timeout: 5_000 });
    const store = new SqlSessionStore(opened.database);
    const stop = new AbortController();
    const signIns = atOnce(40, async () => {
      while (!stop.signal.aborted) {
        await store.open(sessionOf(someone(), { ticket: await store.currentTicket() }), NO_LIMITS);
      }
    });
    await new Promise((done) => setTimeout(done, 500));
    const everybody = cutOffWhole(store, { userId: null, reason: 'revoked_all', at: NOW, idleBefore: 0 });
    await everybody.finally(() => stop.abort());
    await signIns;
    expect((await store.cutoffOf({ userId: someone(), guid: 'any' })).ticket).toBe(await store.currentTicket());
    await opened.close();
    await drop();
  });
});
