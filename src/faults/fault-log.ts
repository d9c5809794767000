import type { Clock } from '../clock.js';
import { causesOf } from './cause-text.js';
import { Fault } from './fault.js';
import type { FaultKind, Faults } from './faults.js';

const TICK = 1_000;

/** Writes one line of the log. */
export type SayFault = (level: 'error' | 'warn', line: string) => void;

/**
 * Reports each fault once when it begins, with a count from time to time while it lasts, and once when it is over,
 * however many requests it affects. A timer runs only while something fails.
 */
export class FaultLog implements Faults {
  readonly #open = new Map<FaultKind, Fault>();
  /** As which kind an error was first reported; the same error is seen again by outer layers. */
  readonly #told = new WeakMap<object, FaultKind>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly say: SayFault,
    private readonly clock: Clock,
  ) {}

  failed(kind: FaultKind, cause: unknown, where?: string): void {
    const told = this.#kindOf(cause) ?? kind;
    if (told === kind) this.#fail(kind, cause);
    this.#noticed(told, where);
  }

  succeeded(kind: FaultKind): void {
    if (this.#open.size > 0) this.#open.get(kind)?.recover(this.clock.now());
  }

  /**
   * A request was answered 503 with this error, which counts as a fault of `kind` unless it was reported as another.
   */
  answered(error: unknown, kind: FaultKind, where: string | undefined): void {
    const told = this.#kindOf(error) ?? kind;
    if (!this.#open.has(told)) this.failed(told, error, where);
    this.#open.get(told)?.answer();
    this.#noticed(told, where);
  }

  /** Writes the lines that are due for faults that last or are over; called by a timer, every second. */
  tick(): void {
    const now = this.clock.now();
    for (const fault of [...this.#open.values()]) {
      if (fault.isOver(now)) this.#end(fault);
      else if (fault.isDue(now)) this.#say(fault, fault.lasting(now));
    }
    if (this.#open.size === 0) this.#stopTimer();
  }

  /** Writes the final counts of the remaining faults. For the end of the process. */
  stop(): void {
    this.#stopTimer();
    for (const fault of [...this.#open.values()]) {
      this.#begin(fault);
      this.#say(fault, `${fault.lasting(this.clock.now())} The app shuts down.`);
      this.#open.delete(fault.kind);
    }
  }

  #fail(kind: FaultKind, cause: unknown): void {
    if (typeof cause === 'object' && cause !== null) this.#told.set(cause, kind);
    this.#faultOf(kind).fail(cause, this.clock.now());
  }

  #faultOf(kind: FaultKind): Fault {
    const open = this.#open.get(kind);
    if (open) return open;
    const fault = new Fault(kind, this.clock.now());
    this.#open.set(kind, fault);
    this.#timer ??= setInterval(() => this.tick(), TICK).unref();
    // A request that met it names its route in this turn of the event loop.
    setImmediate(() => this.#begin(fault));
    return fault;
  }

  #noticed(kind: FaultKind, where: string | undefined): void {
    const fault = this.#open.get(kind);
    fault?.notice(where);
    if (fault && where !== undefined) this.#begin(fault);
  }

  #begin(fault: Fault): void {
    if (fault.isTold) return;
    fault.isTold = true;
    this.#say(fault, fault.beginning());
  }

  #end(fault: Fault): void {
    this.#begin(fault);
    this.#open.delete(fault.kind);
    this.say('warn', fault.ending());
  }

  #say({ words }: Fault, line: string): void {
    this.say(words.level, line);
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #kindOf(error: unknown): FaultKind | undefined {
    for (const cause of causesOf(error)) if (this.#told.has(cause)) return this.#told.get(cause);
    return undefined;
  }
}
