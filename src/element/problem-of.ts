import type { SessionClientError } from '../client/session-client-error.js';

/** The machine-readable part of a client's error: a client throws no other kind. */
export function problemOf(error: unknown): Partial<SessionClientError> {
  return Object(error);
}
