import { createHash } from 'node:crypto';
import type { TableOptions } from '../../options/tables-option.js';

/** How statements name a table of the library, so that no table of the app with the same name is meant. */
const MARKED = /"@(\w+)"/g;
/** Where PostgreSQL keeps tables if nobody says otherwise. */
const USUAL_SCHEMA = 'public';

/** The names of the library's tables in one database, and of what belongs to them: indexes, locks and channels. */
export class TableNames {
  readonly schema: string | undefined;
  readonly prefix: string;
  /** Tells one set of tables from another in the same database; empty for the default names. */
  readonly #identity: string;

  /** `indexPrefix` is what names of indexes begin with; it differs where TypeORM adds the prefix, to tables only. */
  constructor(
    { schema, prefix = '' }: TableOptions = {},
    private readonly indexPrefix = prefix,
  ) {
    this.schema = schema;
    this.prefix = prefix;
    const place = schema === undefined || schema === USUAL_SCHEMA ? '' : `${schema}.`;
    this.#identity = place + prefix;
  }

  /** A table, without its schema. */
  table(name: string): string {
    return this.prefix + name;
  }

  /** An index, without its schema. */
  index(name: string): string {
    return this.indexPrefix + name;
  }

  /** The statement with each `"@table"` as it is named here. */
  written(statement: string): string {
    const place = this.schema === undefined ? '' : `"${this.schema}".`;
    return statement.replace(MARKED, (_, name: string) => `${place}"${this.table(name)}"`);
  }

  /** The number of an advisory lock, which all sets of tables in a database would share otherwise. */
  lock(number: number): number {
    return this.#identity === '' ? number : this.#digest(String(number)).readUIntBE(0, 6);
  }

  /** The name of a lock or of a channel, which all sets of tables would share otherwise. */
  shared(name: string): string {
    return this.#identity === '' ? name : `${name}_${this.#digest('').toString('hex').slice(0, 16)}`;
  }

  #digest(of: string): Buffer {
    return createHash('sha256').update(`${of} ${this.#identity}`).digest();
  }
}

/** The names without the option `tables`. */
export const DEFAULT_TABLES = new TableNames();
