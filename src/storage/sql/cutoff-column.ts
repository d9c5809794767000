import { ConfigurationError } from '../../errors.js';
import type { CutoffColumn } from '../../options/revocation-options.js';
import { driverErrorField } from './driver-error.js';
import type { SqlExecutor } from './sql-database.js';
import { MARKS } from './statements.js';

/** What a user who is gone, and a value that is no number, are taken for: a cutoff of all that was ever signed in. */
const OF_NOBODY = Number.MAX_SAFE_INTEGER;

/** The statements about the column of the app's own table, `revocation.column`, that tells users' cutoffs too. */
export class CutoffColumnStatements {
  /** Every mark that holds for a session, that of the column too. Takes: userId, its subject, userId. */
  readonly marks: string;
  /** The number in the column. Takes: userId. */
  readonly read: string;
  /** Moves it forward. Takes: ticket, userId, ticket. */
  readonly move: string;
  readonly #probe: string;

  constructor(column: CutoffColumn) {
    const table = column.table.split('.').map(quoted).join('.');
    const [id, name] = [`"u".${quoted(column.id)}`, `"u".${quoted(column.name)}`];
    const ofUser = `SELECT CASE WHEN COUNT(*) = 0 THEN ${OF_NOBODY} ELSE COALESCE(MAX(${name}), 0) END, NULL`;
    this.marks = `${MARKS} UNION ALL ${ofUser} FROM ${table} "u" WHERE ${id} = ?`;
    this.read = `SELECT ${name} AS "ticket" FROM ${table} "u" WHERE ${id} = ?`;
    const earlier = `(${name} IS NULL OR ${name} < ?)`;
    this.move = `UPDATE ${table} AS "u" SET ${quoted(column.name)} = ? WHERE ${id} = ? AND ${earlier}`;
    this.#probe = `${ofUser} FROM ${table} "u" WHERE ${id} IS NULL AND 1 = 0`;
  }

  /** The number in the user's column, read under this lock, or under none. */
  async ticketOf(executor: SqlExecutor, userId: string, lock = ''): Promise<number> {
    const [row] = await executor.rows(this.read + lock, [userId]);
    return row ? columnTicket(row.ticket) : OF_NOBODY;
  }

  /** Throws ConfigurationError where there is no such table or column, or it holds no numbers. */
  async probe(executor: SqlExecutor): Promise<void> {
    try {
      await executor.rows(this.#probe, []);
    } catch (cause) {
      const problem = `the database of the sessions cannot read it (${driverErrorField(cause, 'message')})`;
      const mend = 'Name the table, its key and the column as they are there, and make the column a bigint';
      throw Object.assign(new ConfigurationError('revocation.column', problem, mend), { cause });
    }
  }
}

/** A number as it lies in the column: what cannot be compared covers everything, so that nothing passes by mistake. */
export function columnTicket(value: unknown): number {
  const ticket = Number(value ?? 0);
  return Number.isSafeInteger(ticket) ? ticket : OF_NOBODY;
}

/** Names have no quotation mark of any database in them; the options see to it. */
function quoted(name: string): string {
  return `"${name}"`;
}
