import { ConfigurationError } from '../../errors.js';
import { NodeSqliteConnection } from '../connections/node-sqlite.js';
import { openSqlite } from '../connections/open-sqlite.js';
import type { ConnectedDatabase } from '../sql/opened-database.js';
import type { TableNames } from '../sql/table-names.js';
import type { AppNodeSqlite, AppSqlite } from './app-pool.js';

/** Opens a file; `new` of the class of the app's own connection. */
type Opener<T> = new (file: string) => T;

/** A connection of the app, and how another one to a file is made. */
interface FileSource {
  readonly connection: AppSqlite;
  open(file: string): AppSqlite;
}

/** Whether to migrate, how long one request may wait, in milliseconds, and how the tables are named. */
export interface Opening {
  readonly migrate: boolean;
  readonly timeout: number;
  readonly tables: TableNames;
}

/** A `Database` of better-sqlite3. */
export function fromBetterSqlite(given: AppSqlite): FileSource {
  return { connection: given, open: (file) => new (given.constructor as Opener<AppSqlite>)(file) };
}

/** A `DatabaseSync` of `node:sqlite`. Throws ConfigurationError if it is of a Node that is too old. */
export function fromNodeSqlite(given: AppNodeSqlite): FileSource {
  if (typeof given.location !== 'function') throw tooOld();
  const Database = given.constructor as Opener<AppNodeSqlite>;
  return { connection: new NodeSqliteConnection(given), open: (file) => new NodeSqliteConnection(new Database(file)) };
}

/**
 * Runs the store on the file of a connection of the app. A file gets a separate connection, so that no transaction of the
 * app blocks or undoes what is written here.
 */
export async function openFile(source: FileSource, choice: Opening, over: string): Promise<ConnectedDatabase> {
  const { name } = source.connection;
  const isShared = name === '' || name === ':memory:';
  const connection = isShared ? source.connection : source.open(name);
  const close = async () => void (isShared || connection.close());
  const ofApp = isShared ? undefined : source.connection;
  return { database: await openSqlite(connection, { ...choice, ofApp }, close), over, close };
}

function tooOld(): ConfigurationError {
  const problem = `it is a DatabaseSync of Node ${process.versions.node}, which lacks what is needed here`;
  return new ConfigurationError('database', problem, 'Use Node 22.16 or later, or `better-sqlite3`');
}
