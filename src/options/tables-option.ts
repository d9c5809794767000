import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import { refuseUnknown } from './option-readers.js';

/** Where the tables of the library are, and what their names begin with. */
export interface TableOptions {
  /**
   * The schema of the tables; on MySQL and MariaDB a database. It is created at the first migration if it is missing.
   * @default the `schema` of the TypeORM options or of the DataSource, or the one that the connection uses
   */
  schema?: string;
  /**
   * The beginning of the names of all tables and indexes, such as `auth_`; at most 36 characters.
   * @default the `entityPrefix` of the TypeORM options or of the DataSource, or nothing; in a realm its name and `_`
   */
  prefix?: string;
}

const KNOWN: Record<keyof TableOptions, true> = { schema: true, prefix: true };
const PREFIX = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** No quotation mark of any database, and nothing else that has a meaning in a statement. */
const SCHEMA = /^[^"'`?.@\0]+$/;
/** A name in PostgreSQL has at most 63 characters, and in MySQL 64. */
const MAX_SCHEMA = 63;
/** The longest name of a table, `session_registry_migrations`, has 27 characters. */
const MAX_PREFIX = MAX_SCHEMA - 27;

/** `tables`, validated and frozen. Throws ConfigurationError. */
export function resolveTables(given: TableOptions = {}): Readonly<TableOptions> {
  refuseUnknown('tables.', given, KNOWN);
  return Object.freeze({
    ...(given.schema !== undefined && { schema: nameOf('schema', given.schema, SCHEMA, MAX_SCHEMA) }),
    ...(given.prefix !== undefined && { prefix: nameOf('prefix', given.prefix, PREFIX, MAX_PREFIX) }),
  });
}

function nameOf(member: keyof TableOptions, given: unknown, allowed: RegExp, longest: number): string {
  if (typeof given === 'string' && allowed.test(given) && given.length <= longest) return given;
  const problem = `${inspect(given)} is not a valid name`;
  const mend = `Use at most ${longest} characters: letters of English, digits and _, and no digit first`;
  throw new ConfigurationError(`tables.${member}`, problem, mend);
}
