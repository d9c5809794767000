import { driverErrorField } from './driver-error.js';

/** What error codes mean: text is from PostgreSQL and SQLite, numbers are from MySQL and MariaDB. */
const MISSING_TABLE = ['42P01', 1146];
/** A schema is missing in PostgreSQL, a database in MySQL. */
const MISSING_SCHEMA = ['3F000', 1049];
const MISSING_COLUMN = ['42703', 1054];
/** Also for a database, which is what MySQL says of the right to create one or to read in it. */
const NOT_ALLOWED = ['42501', 1044, 1142, 1143];

/** Whether the statement names a table, or a schema, that does not exist. */
export function isMissingTable(error: unknown): boolean {
  return isOneOf(error, [...MISSING_TABLE, ...MISSING_SCHEMA]) || says(error, 'no such table');
}

/** Whether the statement names a column that its table does not have. */
export function isMissingColumn(error: unknown): boolean {
  return isOneOf(error, MISSING_COLUMN) || says(error, 'no such column');
}

/** Whether the role of the connection lacks a right. */
export function isNotAllowed(error: unknown): boolean {
  return isOneOf(error, NOT_ALLOWED);
}

/** Whether the driver gave one of these codes or numbers. */
export function isOneOf(error: unknown, codes: readonly (string | number)[]): boolean {
  return codes.some((code) => [driverErrorField(error, 'code'), driverErrorField(error, 'errno')].includes(code));
}

function says(error: unknown, beginning: string): boolean {
  return String(driverErrorField(error, 'message')).startsWith(beginning);
}
