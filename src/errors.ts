/** What a client is told about an error: stable, and all it ever learns. */
export type AuthErrorCode =
  | 'invalid_credentials'
  | 'invalid_token'
  | 'invalid_grant'
  | 'invalid_request'
  | 'not_found'
  | 'session_limit'
  | 'cross_site'
  | 'unavailable';

/** Why a request was refused: for logs, events and tests; never sent to a client. */
export type RefusalReason =
  | 'no_credentials'
  | 'wrong_password'
  | 'user_inactive'
  | 'cut_off'
  | 'session_limit'
  | 'malformed_token'
  | 'wrong_header'
  | 'bad_signature'
  | 'wrong_claims'
  | 'token_expired'
  | 'token_from_future'
  | 'session_unknown'
  | 'no_public_keys'
  | 'session_ended'
  | 'session_expired'
  | 'session_idle'
  | 'superseded'
  | 'reuse_detected'
  | 'malformed_request'
  | 'body_too_large'
  | 'two_credentials'
  | 'cross_site_request'
  | 'too_many_streams'
  | 'store_failed'
  | 'check_failed'
  | 'users_failed';

/**
 * A refusal by this library. `code` is for the client, `reason` for the operator, and `cause` is the underlying fault,
 * if there is one.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The session that a verified token named, if there was one. */
  readonly session: { readonly userId: string; readonly guid: string } | undefined;

  constructor(
    readonly code: AuthErrorCode,
    readonly reason: RefusalReason,
    options?: { cause?: unknown; detail?: string; session?: { userId: string; guid: string } },
  ) {
    super(options?.detail ?? `${code} (${reason})`, { cause: options?.cause });
    this.session = options?.session;
  }
}

/** An option that is unknown, out of range or contradicts another; thrown while the app boots. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  /**
   * @param option the option's name, as written in `AuthModule.forRoot`
   * @param problem what is wrong with it
   * @param mend what to write instead
   */
  constructor(
    readonly option: string,
    problem: string,
    mend: string,
  ) {
    super(`AuthModule option \`${option}\`: ${problem}. ${mend}.`);
  }
}
