import type { FeedChannel, MessageFeed } from '../../events/message-feed.js';
import { placeOf } from './place.js';
import { probe } from './probe.js';
import type { SqlDatabase } from './sql-database.js';

/** A database that was opened, before any query. */
export interface ConnectedDatabase {
  readonly database: SqlDatabase;
  /** Whose connection it is, for people, such as 'the pool of the app'. */
  readonly over: string;
  /** Makes a feed of messages between processes, if the database can carry them. */
  readonly feed?: ((channel: FeedChannel) => MessageFeed) | undefined;
  /** Calls `warn` once, when the way to the server turns out to make it slower, even if that was before this call. */
  warnTo?(warn: (line: string) => void): void;
  close(): Promise<void>;
}

/** A database the store runs on, and how to close what was opened for it. */
export interface OpenedDatabase extends ConnectedDatabase {
  /** Which database it is and over whose connection, for people: "PostgreSQL, database 'app', schema 'public', over …". */
  readonly place: string;
  /** A setting of its server that may lose acknowledged changes, such as `fsync = off`; null if there is none. */
  readonly weakness: string | null;
}

/** Refuses a database in which sessions cannot be kept, and closes it then. Throws ConfigurationError. */
export async function inspected(connected: ConnectedDatabase): Promise<OpenedDatabase> {
  const { database } = connected;
  try {
    await probe(database);
    const [row] = await database.rows(database.dialect.weakness, []);
    const weakness = row?.weakness == null ? null : String(row.weakness);
    return { ...connected, place: `${await placeOf(database)}, over ${connected.over}`, weakness };
  } catch (error) {
    await connected.close();
    throw error;
  }
}
