/**
 * A field of an error that a driver threw, or undefined. No `instanceof`: the error of a native driver may belong to another
 * realm.
 */
export function driverErrorField(error: unknown, field: 'code' | 'errno' | 'sqlState' | 'fatal' | 'message'): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[field] : undefined;
}
