import { createHash } from 'node:crypto';
import type { Dialect } from '../sql/dialects/dialect.js';

/** A statement as a PostgreSQL server takes it; without a name it is parsed each time. */
export interface WrittenStatement {
  readonly name?: string;
  readonly text: string;
}

const MIXED_UP =
  'The pooler before PostgreSQL loses or mixes up prepared statements, so the library works without them from now on, which ' +
  'is slower. Set `max_prepared_statements` of PgBouncer 1.21 or later, or give `database` the address of the server';

/**
 * The names of prepared statements: each is a hash of the text. If a pooler passes one connection to several processes,
 * a process that prepared a name before has prepared the same text, whatever version of this library it runs.
 */
export class PreparedNames {
  readonly #written = new Map<string, WrittenStatement>();
  #isOff = false;
  #warn: ((line: string) => void) | undefined;

  constructor(private readonly dialect: Dialect) {}

  /** The statement with its name, as the server takes it. */
  of(sql: string): WrittenStatement {
    const known = this.#written.get(sql);
    if (known) return known;
    const text = this.dialect.write(sql);
    const written = this.#isOff ? { text } : { name: nameOf(text), text };
    this.#written.set(sql, written);
    return written;
  }

  /** Works without names from now on. */
  giveUp(): void {
    if (this.#isOff) return;
    this.#isOff = true;
    this.#written.clear();
    this.#warn?.(MIXED_UP);
  }

  /** Calls `warn` once if it gives up, or gave up before. */
  warnTo(warn: (line: string) => void): void {
    this.#warn = warn;
    if (this.#isOff) warn(MIXED_UP);
  }
}

function nameOf(text: string): string {
  return `session_registry_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
