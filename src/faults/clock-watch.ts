import { CLOCK_TOLERANCE, type Clock, SystemClock } from '../clock.js';
import type { FaultKind, Faults } from './faults.js';

const EVERY = 60_000;
/** Smaller differences are not reported, in milliseconds: clocks of nodes differ by seconds, and that does no harm. */
const NOTICED = 5_000;

/**
 * Compares the clock of this process with that of the database, at start and once a minute, and reports a difference.
 * Only a `SystemClock` is measured: a clock that the app controls, as tests do, need not agree with any other.
 */
export class ClockWatch {
  #timer: NodeJS.Timeout | undefined;

  /** `databaseTime` resolves to milliseconds since the epoch; undefined if the database has no clock of its own. */
  constructor(
    private readonly databaseTime: (() => Promise<number>) | undefined,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  /** Starts to measure; nothing waits for it. */
  start(): void {
    if (!this.#canMeasure) return;
    this.#timer = setInterval(() => void this.measure(), EVERY).unref();
    void this.measure();
  }

  /** Measures once, instead of `start`. Never rejects. */
  async once(): Promise<void> {
    if (this.#canMeasure) await this.measure();
  }

  get #canMeasure(): boolean {
    return this.databaseTime !== undefined && this.clock instanceof SystemClock;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Measures once, and reports the result. Never rejects. */
  async measure(): Promise<void> {
    if (!this.databaseTime) return;
    const asked = this.clock.now();
    try {
      const theirs = await this.databaseTime();
      this.#judge(asked, theirs, this.clock.now());
    } catch (error) {
      this.faults.failed('store', error, "reading the database's clock");
    }
  }

  /**
   * The database read its clock at some point between the question and the answer: the difference is uncertain by that
   * much.
   */
  #judge(asked: number, theirs: number, answered: number): void {
    const difference = theirs - (asked + answered) / 2;
    const sure = Math.abs(difference) - Math.abs(answered - asked) / 2;
    const text = `it is ${(Math.abs(difference) / 1_000).toFixed(1)} s ${difference > 0 ? 'behind' : 'ahead of'} the database's`;
    this.#tell('clockOff', sure > NOTICED && sure <= CLOCK_TOLERANCE, text);
    this.#tell('clockWrong', sure > CLOCK_TOLERANCE, text);
  }

  #tell(kind: FaultKind, isSo: boolean, text: string): void {
    if (isSo) this.faults.failed(kind, new Error(text));
    else this.faults.succeeded(kind);
  }
}
