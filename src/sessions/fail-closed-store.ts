import { AuthError } from '../errors.js';
import { StoreDecorator } from './store-decorator.js';

/** The store as the rest of the library sees it: whatever goes wrong beneath is an AuthError `unavailable`. */
export class FailClosedStore extends StoreDecorator {
  protected override async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (cause) {
      throw new AuthError('unavailable', 'store_failed', { cause });
    }
  }
}
