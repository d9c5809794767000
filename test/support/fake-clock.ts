import { Clock } from '../../src/clock.js';

/** A clock that stands still until it is told. */
export class FakeClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  override now(): number {
    return this.time;
  }

  /** Moves on by so many milliseconds; a negative number steps back. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
