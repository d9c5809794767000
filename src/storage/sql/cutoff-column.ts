import { ConfigurationError } from '../../errors.js';
import type { CutoffColumn } from '../../options/cutoff-column-option.js';
import { driverErrorField } from './driver-error.js';
import type { SqlExecutor } from './sql-database.js';
import { raw, type Statement, sql, writtenOnce } from './statement.js';
import { MARKS } from './statements.js';

/** The number for a missing user or an invalid value: a cutoff of every sign-in there ever was. */
const OF_NOBODY = Number.MAX_SAFE_INTEGER;

/** The statements about `revocation.column`: the column of the app's own table that also holds the cutoffs of users. */
export class CutoffColumnStatements {
  /** Every mark that holds for a session, including that of the column. */
  readonly marks: Statement<'userId' | 'subject'>;
  /** Moves the number in the column forward. */
  readonly move: Statement<'userId' | 'ticket'>;
  readonly #read: (lock: string) => Statement<'userId'>;
  readonly #probe: Statement;

  constructor(column: CutoffColumn) {
    const table = raw(column.table.split('.').map(quoted).join('.'));
    const [id, name] = [raw(`"u".${quoted(column.id)}`), raw(`"u".${quoted(column.name)}`)];
    const ofUser = sql`SELECT CASE WHEN COUNT(*) = 0 THEN ${OF_NOBODY} ELSE COALESCE(MAX(${name}), 0) END, NULL`;
    this.marks = sql`${MARKS} UNION ALL ${ofUser} FROM ${table} "u" WHERE ${id} = ${'userId'}`;
    this.#read = writtenOnce(
      (lock: string) => sql`SELECT ${name} AS "ticket" FROM ${table} "u" WHERE ${id} = ${'userId'}${raw(lock)}`,
    );
    this.move = sql`
      UPDATE ${table} AS "u" SET ${raw(quoted(column.name))} = ${'ticket'}
      WHERE ${id} = ${'userId'} AND (${name} IS NULL OR ${name} < ${'ticket'})`;
    this.#probe = sql`${ofUser} FROM ${table} "u" WHERE ${id} IS NULL AND 1 = 0`;
  }

  /** The number in the user's column, read with this lock, or without one. */
  async ticketOf(executor: SqlExecutor, userId: string, lock = ''): Promise<number> {
    const [row] = await executor.rows(...this.#read(lock).with({ userId }));
    return row ? columnTicket(row.ticket) : OF_NOBODY;
  }

  /** Throws ConfigurationError if the table or the column does not exist, or the column does not hold numbers. */
  async probe(executor: SqlExecutor): Promise<void> {
    try {
      await executor.rows(...this.#probe.with({}));
    } catch (cause) {
      const problem = `the database of the sessions cannot read it (${driverErrorField(cause, 'message')})`;
      const mend = 'Write the table, its key and the column as they are named there, and make the column a bigint';
      throw Object.assign(new ConfigurationError('revocation.column', problem, mend), { cause });
    }
  }
}

/** The number in the column. An invalid value counts as a cutoff of everything, so that no token passes by mistake. */
export function columnTicket(value: unknown): number {
  const ticket = Number(value ?? 0);
  return Number.isSafeInteger(ticket) ? ticket : OF_NOBODY;
}

/** The options have already refused names with a quotation mark of any database. */
function quoted(name: string): string {
  return `"${name}"`;
}
