import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from 'nestjs-session-registry';

/** A header of a request after whose answer the process is to be frozen. */
export const FREEZING = 'x-freeze';

/** A clock in a file: the same time for several processes, which passes for one that is frozen too. */
export class FileClock extends Clock {
  constructor(readonly file: string) {
    super();
  }

  /** One that stands at the beginning of 2026. */
  static create(): FileClock {
    const clock = new FileClock(join(mkdtempSync(join(tmpdir(), 'clock-')), 'now'));
    clock.#become(Date.UTC(2026, 0, 1));
    return clock;
  }

  override now(): number {
    return Number(readFileSync(this.file, 'utf8'));
  }

  advance(milliseconds: number): void {
    this.#become(this.now() + milliseconds);
  }

  /** Nobody may read half of a time. */
  #become(time: number): void {
    writeFileSync(`${this.file}.next`, String(time));
    renameSync(`${this.file}.next`, this.file);
  }
}

/** Stops this process, as a platform does, as soon as the answer to such a request is with the operating system. */
export function freezeWhenAsked({ headers }: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (headers[FREEZING]) response.on('finish', () => process.kill(process.pid, 'SIGSTOP'));
  next();
}

/** Whether this process is stopped (see proc(5)). */
export function isFrozen(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')')).startsWith(') T');
}
