import { createHash } from 'node:crypto';
import type { Dialect } from '../sql/dialects/dialect.js';

/** A statement as a PostgreSQL server takes it; without a name it is parsed each time. */
export interface WrittenStatement {
  readonly name?: string;
  readonly text: string;
}

/**
 * The names of prepared statements: each is a hash of the text. If a pooler passes one connection to several processes,
 * a process that prepared a name before has prepared the same text, whatever version of this library it runs.
 */
export class PreparedNames {
  readonly #written = new Map<string, WrittenStatement>();
  #isOff = false;

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

  /** Works without names from now on; false if it did so already. */
  giveUp(): boolean {
    if (this.#isOff) return false;
    this.#isOff = true;
    this.#written.clear();
    return true;
  }
}

function nameOf(text: string): string {
  return `session_registry_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
