import { HttpException, HttpStatus } from '@nestjs/common';
import type { AuthError, AuthErrorCode, RefusalReason } from '../errors.js';

interface Answer {
  readonly status: HttpStatus;
  readonly error: string;
  readonly message: string;
}

/** The only tables that map refusals to HTTP: by their code, and a few by their reason. */
const ANSWERS: Readonly<Record<AuthErrorCode, Answer>> = {
  invalid_credentials: unauthorized('The user name or the password is wrong'),
  invalid_token: unauthorized('The access token is missing or not valid; renew it or sign in'),
  invalid_grant: unauthorized('The refresh token is not valid; sign in again'),
  invalid_request: { status: HttpStatus.BAD_REQUEST, error: 'Bad Request', message: 'The request is malformed' },
  not_found: { status: HttpStatus.NOT_FOUND, error: 'Not Found', message: 'There is no such session' },
  session_limit: {
    status: HttpStatus.FORBIDDEN,
    error: 'Forbidden',
    message: 'Signed in on as many devices as allowed; sign out on one of them',
  },
  cross_site: {
    status: HttpStatus.FORBIDDEN,
    error: 'Forbidden',
    message: 'This came from a page of another origin; send it from your own, or allow it in `cookies.origins`',
  },
  unavailable: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    error: 'Service Unavailable',
    message: 'This cannot be answered right now; try again',
  },
};
const ANSWERS_BY_REASON: Readonly<Partial<Record<RefusalReason, Answer>>> = {
  body_too_large: {
    status: HttpStatus.PAYLOAD_TOO_LARGE,
    error: 'Payload Too Large',
    message: 'The body is too large',
  },
  no_public_keys: {
    status: HttpStatus.NOT_FOUND,
    error: 'Not Found',
    message: 'There are no public keys: the access tokens of this service are signed with a secret',
  },
};
const RETRY_AFTER_SECONDS = '1';

/**
 * An AuthError as an HTTP answer: Nest's shape and a stable `code`. The reason is kept as the `cause` and never sent.
 */
export class AuthHttpException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: AuthError) {
    const { status, error: title, message } = ANSWERS_BY_REASON[error.reason] ?? ANSWERS[error.code];
    const text = error.code === 'invalid_request' ? error.message : message;
    super({ statusCode: status, error: title, message: text, code: error.code }, status, { cause: error });
    this.headers = { 'Cache-Control': 'no-store', ...headersFor(error, status) };
  }
}

function unauthorized(message: string): Answer {
  return { status: HttpStatus.UNAUTHORIZED, error: 'Unauthorized', message };
}

function headersFor(error: AuthError, status: HttpStatus): Record<string, string> {
  if (status === HttpStatus.SERVICE_UNAVAILABLE) return { 'Retry-After': RETRY_AFTER_SECONDS };
  if (status !== HttpStatus.UNAUTHORIZED) return {};
  // RFC 6750 section 3.1: no error code for a request without credentials, or without a bearer token among them.
  const bad = error.code === 'invalid_token' && error.reason !== 'no_credentials';
  return { 'WWW-Authenticate': bad ? 'Bearer error="invalid_token"' : 'Bearer' };
}
