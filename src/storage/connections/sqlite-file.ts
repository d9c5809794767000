import { statSync } from 'node:fs';
import { steadyTime } from '../../clock.js';

/** How often reads check the file, in milliseconds: checking costs about as much as reading a row. */
const LOOK_AGAIN = 250;

/**
 * The file of an open SQLite database: one that was deleted or replaced still answers to processes that have it open.
 */
export class SqliteFile {
  readonly #opened: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `path`: as the connection names it; empty or `:memory:` for a database without a file. */
  constructor(private readonly path: string) {
    this.#opened = path === '' || path === ':memory:' ? undefined : identityOf(path);
  }

  /** Called before a read. Throws if the file is gone or was replaced. */
  checkNowAndThen(): void {
    if (this.#opened !== undefined && steadyTime() - this.#lookedAt > LOOK_AGAIN) this.check();
  }

  /** Called before a change, which would otherwise be lost. Throws if the file is gone or was replaced. */
  check(): void {
    if (this.#opened === undefined) return;
    if (identityOf(this.path) !== this.#opened) throw gone(this.path);
    this.#lookedAt = steadyTime();
  }
}

function identityOf(path: string): string | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  return file && `${file.dev} ${file.ino}`;
}

function gone(path: string): Error {
  return new Error(
    `The SQLite file ${path} was deleted or replaced while this process had it open: its content is not what is on ` +
      'disk. Restart the process.',
  );
}
