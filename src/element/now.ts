/** The time by this device's clock, in milliseconds since 1970: the only source of the current time in the element. */
export function now(): number {
  return Date.now();
}
