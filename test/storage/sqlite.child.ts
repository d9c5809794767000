// Another process over the same SQLite file: does one job after another, and answers each.
import Database from 'better-sqlite3';
import type { Ending, Rotation, SessionKey } from '../../src/sessions/session-store.js';
import { SqliteDatabase } from '../../src/storage/connections/sqlite.database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';

/** What the process is told to do. */
export type Job =
  | { readonly do: 'rotate'; readonly rotation: Rotation }
  | { readonly do: 'endAndDie'; readonly key: SessionKey; readonly ending: Ending }
  | { readonly do: 'start' };

const TIMEOUT = 10_000;
const file = process.argv[2] ?? '';

process.on('message', (job: Job) => void work(job).then((answer) => process.send?.(answer)));
process.send?.('ready');

async function work(job: Job): Promise<unknown> {
  switch (job.do) {
    case 'rotate':
      return (await connect().rotate(job.rotation)) !== undefined;
    case 'endAndDie':
      await connect().end(job.key, job.ending);
      return process.kill(process.pid, 'SIGKILL');
    case 'start':
      return start();
  }
}

let store: SqlSessionStore | undefined;

/** The file as it is, without TypeORM, which takes a while to load. */
function connect(): SqlSessionStore {
  if (store) return store;
  store = new SqlSessionStore(new SqliteDatabase(new Database(file), TIMEOUT));
  return store;
}

/** Opens and migrates the file as an app does. */
async function start(): Promise<number> {
  const { openDatabase } = await import('../../src/storage/typeorm/open-database.js');
  const options = { type: 'better-sqlite3', database: file, enableWAL: true } as const;
  const { database } = await openDatabase({ database: options, migrate: true, timeout: TIMEOUT });
  return new SqlSessionStore(database).currentTicket();
}
