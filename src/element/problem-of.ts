import type { SessionClientError } from '../client/session-client-error.js';

/** What an error of a client says for a machine: a client throws no other. */
export function problemOf(error: unknown): Partial<SessionClientError> {
  return Object(error);
}
