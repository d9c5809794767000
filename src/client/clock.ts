/** Milliseconds since 1970 by the clock of the device: the one reader of time in this client. */
export const now = (): number => Date.now();
