import { Clock } from '../clock.js';

/** A clock for tests, for the option `clock`. It stands still until you call `advance`. */
export class TestClock extends Clock {
  /** Starts at the beginning of 2026, or at the given time in milliseconds since the epoch. */
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  override now(): number {
    return this.time;
  }

  /** Moves the time forward by so many milliseconds, or back for a negative number. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
