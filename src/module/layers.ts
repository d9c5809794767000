import type { TokenCheck } from '../revocation/token-check.js';
import type { SessionStore } from '../sessions/session-store.js';

/** What a room adds to the store and to the check of the session's row. One that has nothing to add leaves it out. */
export interface Layer {
  /** Puts something around the store: the registry then asks what this returns. */
  store?(inner: SessionStore): SessionStore;
  /** Puts something around the check `session`, for every route that asks it. */
  session?(inner: TokenCheck): TokenCheck;
  /** Puts something around the check of routes that ask for none by name. */
  standard?(inner: TokenCheck): TokenCheck;
}

/** The token of the layers, from the inside out. */
export const LAYERS = Symbol('LAYERS');

/** What the layers make of a store or a check, each around the one before. */
export function wrapped<K extends keyof Layer, T extends Parameters<NonNullable<Layer[K]>>[0]>(
  layers: readonly Layer[],
  part: K,
  innermost: T,
): T {
  return layers.reduce<T>((inner, layer) => {
    const wrap = layer[part] as ((inner: T) => T) | undefined;
    return wrap ? wrap(inner) : inner;
  }, innermost);
}
