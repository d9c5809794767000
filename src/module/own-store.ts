import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../errors.js';
import type { SessionStore } from '../sessions/session-store.js';
import { type Form, providerOf } from './forms.js';

/** The injection token of the app's own store; its value is undefined if there is none. */
export const OWN_STORE = Symbol('OWN_STORE');

/** Every method of the port, so that a missing one is found at boot and not by the first request that needs it. */
const METHODS: Record<keyof SessionStore, true> = {
  currentTicket: true,
  cutoffOf: true,
  open: true,
  check: true,
  find: true,
  list: true,
  rotate: true,
  markUsed: true,
  rename: true,
  end: true,
  cutOff: true,
  endBatch: true,
  firstSurplus: true,
  touch: true,
  forget: true,
  purge: true,
};

/** The Nest provider of the app's own store. */
export function ownStore(form: Form<SessionStore> | undefined): Provider {
  return form === undefined ? { provide: OWN_STORE, useValue: undefined } : providerOf(OWN_STORE, form);
}

/**
 * Returns the store if it has every method. Throws ConfigurationError. No `instanceof`: the class may extend the
 * `SessionStore` of another copy of this package.
 */
export function checkedStore(store: SessionStore): SessionStore {
  const missing = Object.keys(METHODS).find((name) => typeof store?.[name as keyof SessionStore] !== 'function');
  if (missing === undefined) return store;
  throw new ConfigurationError('store', `it has no method \`${missing}\``, 'Give a class that extends `SessionStore`');
}
