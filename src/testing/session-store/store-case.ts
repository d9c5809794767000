import type { SessionStore } from '../../sessions/session-store.js';
import type { ContractCase } from '../contract-case.js';
import { StoreUnderTest } from './store-under-test.js';

/** One case of the contract of `SessionStore`. */
export interface StoreCase extends ContractCase<SessionStore> {
  /**
   * Whether it needs a store without any session. All other cases can run one after the other on one store, because each uses
   * new users.
   */
  readonly needsEmptyStore: boolean;
}

/** Cases by what they promise. */
export type Clauses = Readonly<Record<string, (on: StoreUnderTest) => Promise<void>>>;

/** The cases about one topic. */
export function clauses(topic: string, all: Clauses, needsEmptyStore = false): StoreCase[] {
  return Object.entries(all).map(([says, check]) => ({
    name: `${topic}: ${says}`,
    needsEmptyStore,
    run: (store) => check(new StoreUnderTest(store)),
  }));
}

/** The same case for each of several values. */
export function each<T>(values: readonly T[], make: (value: T) => readonly [string, Clauses[string]]): Clauses {
  return Object.fromEntries(values.map(make));
}
