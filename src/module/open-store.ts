import type { DataSource, DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../errors.js';
import type { CutoffColumn } from '../options/cutoff-column-option.js';
import type { CopyLedger } from '../copies/copy-ledger.js';
import type { Denylist } from '../revocation/denylist.js';
import type { StorageSettings } from '../options/storage-options.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { RunStore } from '../suspicion/run-store.js';
import { CutoffColumnStatements } from '../storage/sql/cutoff-column.js';
import { type AppPool, kindOfPool } from '../storage/pools/app-pool.js';
import { openEmbedded } from '../storage/pools/open-embedded.js';
import { openPool } from '../storage/pools/open-pool.js';
import type { UnusedConnections } from '../storage/connections/unused-connections.js';
import type { OpenedDatabase } from '../storage/sql/opened-database.js';
import { SqlCopyLedger } from '../storage/sql/sql-copy-ledger.js';
import { SqlDenylist } from '../storage/sql/sql-denylist.js';
import { SqlRuns } from '../storage/sql/sql-runs.js';
import type { SqlDatabase } from '../storage/sql/sql-database.js';
import { checkedStore } from './own-store.js';
import { SqlSessionStore } from '../storage/sql/sql-session.store.js';

/** Where the app wants its sessions to be kept. */
export interface StoreChoice {
  readonly store: SessionStore | undefined;
  readonly database: StorageSettings['database'];
  /** The DataSource that the app provides, used when the options name none. */
  readonly ofApp: DataSource | undefined;
  /** How the tables are named. */
  readonly tables?: StorageSettings['tables'];
  readonly migrate: boolean | undefined;
  /** The column of the app's users table that also holds their cutoffs. */
  readonly column?: CutoffColumn | undefined;
  /** How long one request may wait for the database, in milliseconds. */
  readonly timeout: number;
  /** Given if the process may be frozen. */
  readonly unused?: UnusedConnections | undefined;
}

/** What the database of the store offers besides the store itself. */
export interface DatabaseParts {
  /** Which database it is, and over whose connection, for people. */
  readonly place: string;
  readonly denylist: Denylist;
  readonly ledger: CopyLedger;
  readonly runs: RunStore;
  /** Creates a feed of messages between processes; undefined if the database cannot carry messages. */
  readonly feed: OpenedDatabase['feed'];
  /** The time by the database's clock, in milliseconds since the epoch; undefined if that is the clock of this machine. */
  readonly time: (() => Promise<number>) | undefined;
  /** A server setting with which the database may lose acknowledged writes; null if there is none. */
  readonly weakness: string | null;
  /** Calls `warn` once, when the way to the server turns out to make it slower. */
  readonly warnTo: OpenedDatabase['warnTo'];
}

/** A store ready for use, and how to close what was opened for it. */
export abstract class OpenedStore {
  abstract readonly store: SessionStore;
  /** Undefined for the app's own store. */
  abstract readonly parts: DatabaseParts | undefined;
  abstract close(): Promise<void>;
}

/** Opens the store that the app chose: its own, or the tables of a database. Throws ConfigurationError. */
export async function openStore({ store, ofApp, column, ...choice }: StoreChoice): Promise<OpenedStore> {
  if (store === undefined) {
    if (choice.database === undefined && ofApp === undefined) refuseGuess(choice);
    const opened = await openGiven({ ...choice, database: choice.database ?? ofApp });
    const statements = column && (await probed(opened, new CutoffColumnStatements(column)));
    const { database, place, feed, weakness, warnTo } = opened;
    const [denylist, ledger, runs] = [new SqlDenylist(database), new SqlCopyLedger(database), new SqlRuns(database)];
    const time = database.dialect.kind === 'sqlite' ? undefined : () => timeOf(database);
    const parts = { place, denylist, ledger, runs, feed, time, weakness, warnTo };
    return { store: new SqlSessionStore(database, statements), parts, close: () => opened.close() };
  }
  for (const option of ['database', 'tables', 'migrate'] as const) {
    if (choice[option] === undefined) continue;
    throw new ConfigurationError(
      option,
      'there is a `store` too, but sessions can only be kept in one place',
      'Leave one out',
    );
  }
  if (column === undefined) return { store: checkedStore(store), parts: undefined, close: async () => {} };
  const problem = 'it needs the sessions in a database, but they are in your own `store`';
  throw new ConfigurationError('revocation.column', problem, 'Leave it out, or keep the sessions in a database');
}

async function openGiven(choice: Omit<StoreChoice, 'store' | 'ofApp' | 'column'>): Promise<OpenedDatabase> {
  const { database, migrate = true } = choice;
  if (kindOfPool(database)) return openPool({ ...choice, pool: database as unknown as AppPool, migrate });
  if (database === undefined) return openEmbedded({ ...choice, migrate });
  const { openDatabase } = await import('../storage/typeorm/open-database.js').catch(withoutTypeorm);
  return openDatabase({ ...choice, database: database as DataSourceOptions | DataSource });
}

function withoutTypeorm(cause: unknown): never {
  const problem = 'TypeORM has to open it, and cannot be loaded';
  const mend =
    'Install `typeorm`, or give a pool of `pg` or `mysql2`, or a `Database` of `better-sqlite3` or `node:sqlite`';
  throw Object.assign(new ConfigurationError('database', problem, mend), { cause });
}

async function timeOf(database: SqlDatabase): Promise<number> {
  const [row] = await database.rows(`SELECT ${database.dialect.now} AS "now"`, []);
  return Number(row?.now);
}

async function probed(opened: OpenedDatabase, statements: CutoffColumnStatements): Promise<CutoffColumnStatements> {
  try {
    await statements.probe(opened.database);
    return statements;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Each process of a serverless app has a file system of its own, and loses it. */
function refuseGuess({ unused }: Pick<StoreChoice, 'unused'>): void {
  if (!unused && process.env.NODE_ENV !== 'production') return;
  const where = unused ? 'with `serverless`' : 'in production';
  const problem = `it is missing, and the app provides no DataSource: an embedded file would be a guess ${where}`;
  const mend =
    "Name the database, even if it is a file: `{ type: 'better-sqlite3', database: '/var/lib/app/sessions.sqlite' }`";
  throw new ConfigurationError('database', problem, mend);
}
