import type { Faults } from '../faults/faults.js';
import { CopyLedger, type LedgerEntry } from '../copies/copy-ledger.js';

/** A ledger that reports its faults, because those who ask it in the background go on without an answer. */
export class ToldLedger extends CopyLedger {
  constructor(
    private readonly ledger: CopyLedger,
    private readonly faults: Faults,
  ) {
    super();
  }

  override read(): Promise<LedgerEntry> {
    return this.#told(this.ledger.read());
  }

  override replace(from: string, to: string): Promise<boolean> {
    return this.#told(this.ledger.replace(from, to));
  }

  async #told<T>(answer: Promise<T>): Promise<T> {
    try {
      const given = await answer;
      this.faults.succeeded('copyLedger');
      return given;
    } catch (error) {
      this.faults.failed('copyLedger', error);
      throw error;
    }
  }
}
