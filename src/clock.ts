/**
 * The only source of the current time. Pass your own to `AuthModule.forRoot({ clock })` to run tests on a clock you
 * control.
 */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number. */
  abstract now(): number;
}

/**
 * By how much the clocks of two machines may differ, in milliseconds, before one of them refuses what the other dates,
 * such as a token from the future.
 */
export const CLOCK_TOLERANCE = 60_000;

/** The clock of the machine; the default. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

/**
 * Milliseconds on a clock that only moves forward, for lengths of time within this process; never a date. Nothing that
 * a test has to step through depends on it.
 */
export function steadyTime(): number {
  return performance.now();
}

/** A moment to measure from: by the steady clock, and by the wall clock, which continues while a machine sleeps. */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** This moment. */
export function momentOf(clock: Clock): Moment {
  return { steady: steadyTime(), wall: clock.now() };
}

/** How long ago that was, in milliseconds: the longer of what the two clocks say. */
export function ageOf(moment: Moment, clock: Clock): number {
  return Math.max(steadyTime() - moment.steady, clock.now() - moment.wall);
}
