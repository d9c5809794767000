import { CopyLedger, type LedgerEntry, NO_EDITION } from '../../copies/copy-ledger.js';
import type { SqlDatabase } from './sql-database.js';
import * as sql from './statements.js';

/** Keeps the current edition of copies in a row next to the sessions. */
export class SqlCopyLedger extends CopyLedger {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override async read(): Promise<LedgerEntry> {
    const [row] = await this.database.rows(sql.readEdition(this.database.dialect.now), []);
    if (!row) throw new Error('The row of "session_copies" is missing. Run the migrations');
    return { edition: String(row.edition), retired: Number(row.retired), age: Number(row.age) };
  }

  override async replace(from: string, to: string): Promise<boolean> {
    const statement = from === NO_EDITION ? sql.OPEN_EDITION : sql.retireEdition(this.database.dialect.now);
    return (await this.database.run(...statement.with({ from, to }))) === 1;
  }
}
