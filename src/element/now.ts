/** The time by this device's clock, in milliseconds since 1970. Everything of the element reads it here. */
export function now(): number {
  return Date.now();
}
