import { HttpStatus } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from 'nestjs-session-registry';
import { BUDGETS } from './budgets.js';

/** The most keys held, some 15 MB; beyond it the oldest is forgotten. */
export const MAX_KEYS = 65_536;
/** For whom only waits for answers, which take no longer. */
const MOMENT = 1;

const BUDGET = new Map(BUDGETS.map((budget) => [budget.name, budget]));

interface Window {
  readonly startedAt: number;
  failures: number;
  underWay: number;
}

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts failures, or what else a budget counts, in the memory of this process. Each request is charged as it starts, so that guesses made at once do
 * not slip past the count, and `settle` takes the charge back or makes it a failure. A window starts with a first
 * request and forgets all when it ends, also a request whose end was never told.
 */
export class FailureStorage implements ThrottlerStorage {
  /** The oldest first: all windows are of one length. */
  readonly #windows = new Map<string, Window>();

  constructor(private readonly clock: Clock) {}

  /** How many keys are held. */
  get size(): number {
    return this.#windows.size;
  }

  async increment(key: string, ttl: number, limit: number, _blockDuration: number, name: string): Promise<Hit> {
    const now = this.clock.now();
    const window = this.#windowOf(key, now, ttl);
    const spent = window.failures >= limit;
    const isBlocked = spent || window.underWay >= (BUDGET.get(name)?.underWay ?? limit);
    if (!isBlocked) window.underWay += 1;
    const timeToExpire = Math.ceil((window.startedAt + ttl - now) / 1_000);
    const totalHits = window.failures + window.underWay;
    return { totalHits, timeToExpire, isBlocked, timeToBlockExpire: spent ? timeToExpire : MOMENT };
  }

  /** Ends a charge of that budget, once the request is answered: a status that does not count leaves nothing behind. */
  settle(key: string, status: number, name: string): void {
    const window = this.#windows.get(key);
    if (!window) return;
    if ((BUDGET.get(name)?.counts ?? isFailure)(status)) window.failures += 1;
    // The request may have started in a window before this one.
    window.underWay = Math.max(0, window.underWay - 1);
    if (window.failures === 0 && window.underWay === 0) this.#windows.delete(key);
  }

  #windowOf(key: string, now: number, ttl: number): Window {
    // A clock that was set back must not lock anybody out for longer than a window.
    const isLive = ({ startedAt }: Window) => startedAt <= now && now < startedAt + ttl;
    const window = this.#windows.get(key);
    if (window && isLive(window)) return window;
    this.#windows.delete(key);
    this.#makeRoom(isLive);
    const opened = { startedAt: now, failures: 0, underWay: 0 };
    this.#windows.set(key, opened);
    return opened;
  }

  #makeRoom(isLive: (window: Window) => boolean): void {
    for (const [key, window] of this.#windows) {
      if (isLive(window) && this.#windows.size < MAX_KEYS) return;
      this.#windows.delete(key);
    }
  }
}

/** A fault of the server is no failure of the client, and neither is what another budget refused. */
function isFailure(status: number): boolean {
  return status >= 400 && status < 500 && status !== HttpStatus.TOO_MANY_REQUESTS;
}
