import { DataSource } from 'typeorm';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, type TestDatabase } from '../../test/support/databases.js';
import { GENERATION } from '../apps/row-names.js';
import { USER_AGENT } from '../contract/bench-app.js';

const DAY = 86_400_000;
const INDEXES = `SELECT pg_get_indexdef(indexrelid) AS made, indexrelid::regclass::text AS name
  FROM pg_index WHERE indrelid = 'sessions'::regclass AND NOT indisprimary`;
const PRIMARY_KEY = `SELECT conname AS name FROM pg_constraint WHERE conrelid = 'sessions'::regclass AND contype = 'p'`;

/** A PostgreSQL database with so many live sessions. The indexes are created after the rows, because that is faster. */
export async function filled(rows: number, perUser: number): Promise<TestDatabase> {
  const database = await createDatabase('postgres');
  await (await openDatabase({ database: database.options, migrate: true, timeout: 10_000 })).close();
  await within(database, async (dataSource) => {
    const indexes = (await dataSource.query(INDEXES)) as { made: string; name: string }[];
    const [key] = (await dataSource.query(PRIMARY_KEY)) as { name: string }[];
    for (const { name } of indexes) await dataSource.query(`DROP INDEX ${name}`);
    await dataSource.query(`ALTER TABLE sessions DROP CONSTRAINT "${key?.name}"`);
    await dataSource.query(insert(0, rows, perUser, null));
    await dataSource.query(`ALTER TABLE sessions ADD CONSTRAINT "${key?.name}" PRIMARY KEY ("guid")`);
    for (const { made } of indexes) await dataSource.query(made);
    await dataSource.query('VACUUM ANALYZE sessions');
  });
  return database;
}

/** Adds so many rows that ended long ago, for purge to find. */
export async function addDead(database: TestDatabase, from: number, rows: number): Promise<void> {
  await within(database, async (dataSource) => {
    await dataSource.query(insert(from, rows, 1, Date.now() - 40 * DAY));
    await dataSource.query('VACUUM ANALYZE sessions');
    await dataSource.query('CHECKPOINT');
  });
}

async function within(database: TestDatabase, work: (dataSource: DataSource) => Promise<void>): Promise<void> {
  const dataSource = await new DataSource({ ...database.options, poolSize: 1 } as typeof database.options).initialize();
  await work(dataSource);
  await dataSource.destroy();
}

function insert(from: number, rows: number, perUser: number, endedAt: number | null): string {
  const now = Date.now();
  const values = {
    guid: 'md5(n::text)::uuid::text',
    userId: `'user-' || n / ${perUser}`,
    refTokID: `'${GENERATION}'`,
    ticket: 0,
    userAgent: `'${USER_AGENT}'`,
    ip: "'203.0.113.7'",
    createdAt: now - 2 * DAY,
    // Spread over the last minute, as in an app that has run for a while; see age-sessions.ts.
    lastActiveAt: `${now} - n % 60 * 1000`,
    expiresAt: now + 20 * DAY,
    endedAt: endedAt ?? 'NULL',
    endReason: endedAt === null ? 'NULL' : "'signed_out'",
    purgeAt: endedAt ?? now + 20 * DAY,
  };
  const columns = Object.keys(values).map((name) => `"${name}"`);
  const source = `generate_series(${from}, ${from + rows - 1}) n`;
  return `INSERT INTO sessions (${columns.join(', ')}) SELECT ${Object.values(values).join(', ')} FROM ${source}`;
}
