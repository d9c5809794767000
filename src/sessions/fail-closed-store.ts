import { AuthError } from '../errors.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import type { SessionStore } from './session-store.js';
import { StoreDecorator } from './store-decorator.js';

/**
 * The store as the rest of the library sees it: every error of the wrapped store becomes an AuthError `unavailable` and is
 * reported as a fault of the store.
 */
export class FailClosedStore extends StoreDecorator {
  constructor(
    store: SessionStore,
    private readonly faults: Faults = UNHEARD,
  ) {
    super(store);
  }

  protected override async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      const answer = await question();
      this.faults.succeeded('store');
      return answer;
    } catch (cause) {
      this.faults.failed('store', cause);
      throw new AuthError('unavailable', 'store_failed', { cause });
    }
  }
}
