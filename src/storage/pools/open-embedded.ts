import { resolve } from 'node:path';
import { ConfigurationError } from '../../errors.js';
import { type NodeSqlite, NodeSqliteConnection } from '../connections/node-sqlite.js';
import { openSqlite } from '../connections/open-sqlite.js';
import { driverErrorField } from '../sql/driver-error.js';
import { inspected, type OpenedDatabase } from '../sql/opened-database.js';
import type { AppSqlite } from './app-pool.js';
import { TableNames } from '../sql/table-names.js';
import type { PoolChoice } from './open-pool.js';

/** The file that is used if the app names no database, in the working directory. */
const FILE = 'sessions.sqlite';

/** Opens a file with one of the drivers. */
type Driver = (file: string) => AppSqlite;

/**
 * Opens the embedded file: with better-sqlite3 if the app has installed it, and otherwise with the SQLite of Node. Throws
 * ConfigurationError if there is neither, or if the file cannot be opened.
 */
export async function openEmbedded({ tables, ...choice }: Omit<PoolChoice, 'pool'>): Promise<OpenedDatabase> {
  const driver = (await betterSqlite()) ?? (await nodeSqlite());
  if (!driver) throw withoutDriver();
  const connection = opened(driver);
  const close = async () => void connection.close();
  const database = await openSqlite(connection, { ...choice, tables: new TableNames(tables) }, close);
  return inspected({ database, over: 'a connection of its own', close });
}

async function betterSqlite(): Promise<Driver | undefined> {
  const module = await import('better-sqlite3').catch(() => undefined);
  return module && ((file) => new module.default(file) as unknown as AppSqlite);
}

async function nodeSqlite(): Promise<Driver | undefined> {
  // Held in a variable because the types of the oldest supported Node do not know it.
  const name = 'node:sqlite';
  const module = (await import(name).catch(() => undefined)) as SqliteOfNode | undefined;
  if (typeof module?.DatabaseSync.prototype.location !== 'function') return undefined;
  return (file) => new NodeSqliteConnection(new module.DatabaseSync(file));
}

interface SqliteOfNode {
  readonly DatabaseSync: { readonly prototype: NodeSqlite; new (file: string): NodeSqlite };
}

function opened(driver: Driver): AppSqlite {
  try {
    const connection = driver(FILE);
    connection.pragma('journal_mode = WAL');
    return connection;
  } catch (cause) {
    const problem = `the file ${resolve(FILE)} cannot be opened (${String(driverErrorField(cause, 'message'))})`;
    const mend = 'Start the app where it may write, or name a database';
    throw Object.assign(new ConfigurationError('database', problem, mend), { cause });
  }
}

function withoutDriver(): ConfigurationError {
  const problem = `it is missing, and nothing here opens the embedded file: Node ${process.versions.node} has no SQLite for it`;
  const mend = 'Install `better-sqlite3`, use Node 22.16 or later, or name a database';
  return new ConfigurationError('database', problem, mend);
}
