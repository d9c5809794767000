import type { TokenCheck } from '../revocation/token-check.js';
import type { SessionStore } from '../sessions/session-store.js';

/** What a feature adds around the store and around the check of the session's row. Every part is optional. */
export interface Layer {
  /** Wraps the store. The registry then calls what this returns. */
  store?(inner: SessionStore): SessionStore;
  /** Wraps the check `session`, for every route that asks for it by name. */
  session?(inner: TokenCheck): TokenCheck;
  /** Wraps the check of routes that do not ask for one by name. */
  standard?(inner: TokenCheck): TokenCheck;
}

/** The injection token of the layers, from the inside out. */
export const LAYERS = Symbol('LAYERS');

/** Wraps a store or a check in all layers, each around the one before. */
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
