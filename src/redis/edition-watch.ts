import { setTimeout as pause } from 'node:timers/promises';
import { ageOf, type Clock, type Moment, momentOf, steadyTime } from '../clock.js';
import { type CopyLedger, type LedgerEntry, NO_EDITION } from '../copies/copy-ledger.js';

/** An edition that was retired may still be read for so long, in milliseconds: whoever needs it gone waits. */
export const TENURE = 3_000;
/** What the ledger said is believed for so long from before it was asked; less, since clocks do not run alike. */
const BELIEF = 2_500;
const REFRESH = 1_000;

interface Known {
  readonly edition: string;
  /** When the ledger was asked. */
  readonly asked: Moment;
  readonly retired: number;
  /** Not later than this the last edition was retired, by the steady clock. */
  readonly retiredAt: number;
}

/** What this process knows of the edition that may be read: never more than the ledger said a moment ago. */
export class EditionWatch {
  #known: Known | undefined;
  #asking: Promise<unknown> | undefined;

  constructor(
    private readonly ledger: CopyLedger,
    private readonly clock: Clock,
    private readonly wait: (milliseconds: number) => Promise<unknown> = pause,
  ) {}

  /** The edition to read from; undefined while that is not known, or none. Asks the ledger behind the scenes. */
  readable(): string | undefined {
    const age = this.#known ? ageOf(this.#known.asked, this.clock) : Number.POSITIVE_INFINITY;
    if (age > REFRESH) this.refresh();
    return age < BELIEF && !this.isNone ? this.#known?.edition : undefined;
  }

  /** Whether the ledger said that no edition may be read. */
  get isNone(): boolean {
    return this.#known?.edition === NO_EDITION;
  }

  /** Asks the ledger, unless that is under way. */
  refresh(): void {
    this.#asking ??= this.latest()
      // The ledger has told of the fault; without an answer nothing is read from copies.
      .catch(() => {})
      .finally(() => {
        this.#asking = undefined;
      });
  }

  /** The edition by the ledger, asked now. */
  async latest(): Promise<string> {
    const asked = momentOf(this.clock);
    const entry = await this.ledger.read();
    // Of two answers that overtook each other, the one asked for later counts.
    if (!this.#known || this.#known.asked.steady <= asked.steady) {
      this.#known = { ...entry, asked, retiredAt: this.#retiredAt(entry) };
    }
    return this.#known.edition;
  }

  /** Puts another edition in the place of this one, unless somebody did; either way it is not read past its tenure. */
  async replace(edition: string, by: string): Promise<void> {
    await this.ledger.replace(edition, by);
    await this.latest();
  }

  /** Waits until nobody reads an edition that was retired, sparing so many milliseconds. */
  async settle(spare = 0): Promise<void> {
    const left = (this.#known?.retiredAt ?? steadyTime()) + TENURE - spare - steadyTime();
    if (left > 0) await this.wait(Math.min(left, TENURE));
  }

  /** By the clock of the database only for what happened before this process looked for the first time. */
  #retiredAt({ retired, age }: LedgerEntry): number {
    if (!this.#known) return steadyTime() - age;
    return this.#known.retired === retired ? this.#known.retiredAt : steadyTime();
  }
}
