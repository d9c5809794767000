/** The one reader of time. Give your own to `AuthModule.forRoot({ clock })` to run tests on a clock you hold. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number. */
  abstract now(): number;
}

/** The clock of the machine; the default. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}
