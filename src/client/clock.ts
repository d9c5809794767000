/** Milliseconds since 1970 by the clock of the device: the only source of the current time in this client. */
export const now = (): number => Date.now();
