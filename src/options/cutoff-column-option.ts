import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import { refuseUnknown } from './option-readers.js';

/**
 * A column in the app's own users table that holds the number of a user's latest cutoff: a nullable bigint, in the
 * database of the sessions.
 */
export interface CutoffColumn {
  /** The table, such as 'users', or with its schema 'auth.users'. */
  table: string;
  /** The column with the id of a user, its primary key. */
  id: string;
  /** The column with the number, such as 'cutoff'. */
  name: string;
}

const KNOWN: Record<keyof CutoffColumn, true> = { table: true, id: true, name: true };
/** Characters that end a name in some database, or are replaced in a statement. */
const UNQUOTABLE = /["`?\0]/;

/** `revocation.column`, validated and frozen. Throws ConfigurationError. */
export function resolveColumn(given: CutoffColumn | undefined): Readonly<CutoffColumn> | undefined {
  if (given === undefined) return undefined;
  refuseUnknown('revocation.column.', given, KNOWN);
  const [id, name] = [nameOf('id', given.id), nameOf('name', given.name)];
  return Object.freeze({ table: tableOf(given.table), id, name });
}

function tableOf(given: unknown): string {
  const table = nameOf('table', given);
  const parts = table.split('.');
  if (parts.length <= 2 && !parts.includes('')) return table;
  throw refused(
    'table',
    `${inspect(given)} is not the name of a table`,
    "Give its name, such as 'users', or 'auth.users' in a schema",
  );
}

function nameOf(member: keyof CutoffColumn, given: unknown): string {
  if (typeof given !== 'string' || given === '') {
    throw refused(member, 'it is not a text, or it is empty', 'Give a name, as it is in the database');
  }
  if (!UNQUOTABLE.test(given)) return given;
  throw refused(member, `${inspect(given)} has a quotation mark or a question mark in it`, 'Use another name');
}

function refused(member: keyof CutoffColumn, problem: string, mend: string): ConfigurationError {
  return new ConfigurationError(`revocation.column.${member}`, problem, mend);
}
