/**
 * A field of an error that a driver threw, or undefined. Asked by shape: an error of a native driver need not be an
 * `instanceof` this realm's Error.
 */
export function driverErrorField(error: unknown, field: 'code' | 'errno' | 'sqlState' | 'fatal' | 'message'): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[field] : undefined;
}
