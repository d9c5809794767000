/** How long it took until a revoke took effect in this process, in milliseconds. */
export interface DelaySummary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const KEPT = 10_000;

/** The delays of the last 10,000 revokes that this process heard of, and the longest delay of all. */
export class DelayRecord {
  readonly #latest: number[] = [];
  #count = 0;
  #max = 0;

  note(delay: number): void {
    this.#latest[this.#count++ % KEPT] = delay;
    this.#max = Math.max(this.#max, delay);
  }

  summary(): DelaySummary {
    const sorted = this.#latest.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { count: this.#count, p50: at(0.5), p99: at(0.99), max: this.#max };
  }
}
