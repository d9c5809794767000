import { Clock } from '../clock.js';

/** A clock for tests, as the option `clock`: it stands still until it is told to move on. */
export class TestClock extends Clock {
  /** Begins at the start of 2026 unless another moment is given, in milliseconds since the epoch. */
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
