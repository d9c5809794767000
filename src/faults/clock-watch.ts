import { CLOCK_TOLERANCE, type Clock, SystemClock } from '../clock.js';
import type { FaultKind, Faults } from './faults.js';

const EVERY = 60_000;
/** Nothing is said of less, in milliseconds: nodes disagree by seconds, and nothing comes of it. */
const NOTICED = 5_000;

/**
 * Holds the clock of this process against that of the database, at start and once a minute, and tells of a difference.
 * Only a `SystemClock` is measured: a clock the app holds itself, as tests do, need not be that of anybody else.
 */
export class ClockWatch {
  #timer: NodeJS.Timeout | undefined;

  /** `databaseTime` resolves to milliseconds since the epoch; undefined where the database has no clock of its own. */
  constructor(
    private readonly databaseTime: (() => Promise<number>) | undefined,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  /** Starts to measure; nobody waits for it. */
  start(): void {
    if (!this.databaseTime || !(this.clock instanceof SystemClock)) return;
    this.#timer = setInterval(() => void this.measure(), EVERY).unref();
    void this.measure();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Measures once, and tells what it found. Never rejects. */
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

  /** The database read its clock somewhere between asking and the answer: that much is not known of the difference. */
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
