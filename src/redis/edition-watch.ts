import { setTimeout as pause } from 'node:timers/promises';
import { ageOf, type Clock, type Moment, momentOf, steadyTime } from '../clock.js';
import { type CopyLedger, type LedgerEntry, NO_EDITION } from '../copies/copy-ledger.js';

/** How long a retired edition may still be read, in milliseconds. Whoever retires it waits for so long. */
export const TENURE = 3_000;
/** How long an answer of the ledger counts, from the moment of asking. Shorter than `TENURE`, because clocks run unevenly. */
const BELIEF = 2_500;
const REFRESH = 1_000;

interface Known {
  readonly edition: string;
  /** When the ledger was asked. */
  readonly asked: Moment;
  readonly retired: number;
  /** The latest time at which the last edition can have been retired, by the steady clock. */
  readonly retiredAt: number;
}

/** What this process knows about the edition that may be read: only what the ledger has said in the last moments. */
export class EditionWatch {
  #known: Known | undefined;
  #asking: Promise<unknown> | undefined;

  constructor(
    private readonly ledger: CopyLedger,
    private readonly clock: Clock,
    private readonly wait: (milliseconds: number) => Promise<unknown> = pause,
  ) {}

  /** The edition to read from; undefined if it is unknown or there is none. Asks the ledger in the background. */
  readable(): string | undefined {
    const age = this.#known ? ageOf(this.#known.asked, this.clock) : Number.POSITIVE_INFINITY;
    if (age > REFRESH) this.refresh();
    return age < BELIEF && !this.isNone ? this.#known?.edition : undefined;
  }

  /** Whether the ledger said that no edition may be read. */
  get isNone(): boolean {
    return this.#known?.edition === NO_EDITION;
  }

  /** Asks the ledger, unless it is already being asked. */
  refresh(): void {
    this.#asking ??= this.latest()
      // The ledger has reported the fault. Without an answer, no copies are read.
      .catch(() => {})
      .finally(() => {
        this.#asking = undefined;
      });
  }

  /** Asks the ledger now, and resolves to the edition. */
  async latest(): Promise<string> {
    const asked = momentOf(this.clock);
    const entry = await this.ledger.read();
    // Answers may arrive out of order: the one that was asked for later counts.
    if (!this.#known || this.#known.asked.steady <= asked.steady) {
      this.#known = { ...entry, asked, retiredAt: this.#retiredAt(entry) };
    }
    return this.#known.edition;
  }

  /** Replaces this edition, unless another process already has. Either way it is not read beyond `TENURE`. */
  async replace(edition: string, by: string): Promise<void> {
    await this.ledger.replace(edition, by);
    await this.latest();
  }

  /** Waits until no process reads a retired edition any more, but `spare` milliseconds less. */
  async settle(spare = 0): Promise<void> {
    const left = (this.#known?.retiredAt ?? steadyTime()) + TENURE - spare - steadyTime();
    if (left > 0) await this.wait(Math.min(left, TENURE));
  }

  /** Uses the database's clock only for what happened before this process asked for the first time. */
  #retiredAt({ retired, age }: LedgerEntry): number {
    if (!this.#known) return steadyTime() - age;
    return this.#known.retired === retired ? this.#known.retiredAt : steadyTime();
  }
}
