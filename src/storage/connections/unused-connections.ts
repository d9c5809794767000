import { ageOf, type Clock, type Moment, momentOf } from '../../clock.js';

/**
 * How long a connection may be unused, in milliseconds, before it is no longer trusted. Networks forget a silent connection
 * after some minutes, without a word to either end.
 */
const TRUSTED = 30_000;

/** After how long the server ends an unused connection, in milliseconds: a process that is frozen cannot close any. */
export const UNUSED_AT_SERVER = 60_000;

type OnRelease = (...told: unknown[]) => void;

/** A pool that tells of each connection that was given back; pg names it second, mysql2 first. */
interface TellingPool {
  on(event: 'release', listener: OnRelease): unknown;
  off(event: 'release', listener: OnRelease): unknown;
}

/**
 * Knows which connections were unused for long, for a process that may be frozen: one of them may have died meanwhile, and
 * whoever uses it would wait in vain.
 */
export class UnusedConnections {
  readonly #usedAt = new WeakMap<object, Moment>();

  constructor(private readonly clock: Clock) {}

  /** Also notes when the app uses the connections of its pool. Returns the function that stops that. */
  watch(pool: object): () => void {
    if (!('on' in pool)) return () => {};
    const telling = pool as TellingPool;
    const released: OnRelease = (...told) => {
      for (const one of told) if (typeof one === 'object' && one !== null) this.#use(one);
    };
    telling.on('release', released);
    return () => void telling.off('release', released);
  }

  /** Whether this connection was unused for too long and has to be closed. If not, it counts as used now. */
  refuses(connection: object): boolean {
    const usedAt = this.#usedAt.get(connection);
    if (usedAt && ageOf(usedAt, this.clock) > TRUSTED) return true;
    this.#use(connection);
    return false;
  }

  #use(connection: object): void {
    this.#usedAt.set(connection, momentOf(this.clock));
  }
}
