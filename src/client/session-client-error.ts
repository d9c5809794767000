/**
 * What went wrong. `offline`: there was no answer; `unavailable`: the server cannot answer now (5xx); `signed_out`:
 * only a new sign-in helps; `too_many_requests`: wait for `retryAfter`; otherwise the server's own code, such as
 * `invalid_credentials`, `invalid_request` or `not_found`.
 */
export type SessionClientErrorCode = 'offline' | 'unavailable' | 'signed_out' | 'too_many_requests' | (string & {});

/** Every failure of a session client. Only `signed_out` means that the session has ended; the others change nothing. */
export class SessionClientError extends Error {
  override readonly name = 'SessionClientError';
  declare readonly code: SessionClientErrorCode;
  /** The HTTP status, if there was an answer. */
  declare readonly status?: number;
  /** How many seconds to wait, if the server said so. */
  declare readonly retryAfter?: number;

  constructor(code: SessionClientErrorCode, message: string, status?: number, retryAfter?: number) {
    super(message);
    Object.assign(this, { code, status, retryAfter });
  }
}
