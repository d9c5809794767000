import type { AuthErrorCode, EndReason, RefusalReason } from 'nestjs-session-registry';
import type { Adapter } from '../../support/app.js';
import type { Scene } from './scene.js';
import type { AppName } from './stage.js';

/** What an answer has to be. */
export interface Outcome {
  readonly status: number;
  /** The code in the body; none where the framework or Node answers by itself. */
  readonly code?: AuthErrorCode | `FST_${string}`;
  /** Why, on the inside; none where this library was not asked. */
  readonly reason?: RefusalReason;
  /** The WWW-Authenticate header, exactly; every 401 has one. */
  readonly challenge?: string;
}

/** One request of a case, what it is answered, and the same request with nothing wrong. */
export interface Attempt {
  readonly at: string;
  readonly app: AppName;
  /** Whether what is to be sent can travel this way; it can, unless this says no. */
  readonly carries?: (scene: Scene) => boolean;
  /** Writes the request. Whatever it does to get there is not held against the request. */
  readonly send: (scene: Scene) => Buffer | Promise<Buffer>;
  /** Per adapter where the two legitimately differ. */
  readonly answer: Outcome | Readonly<Record<Adapter, Outcome>>;
  /** The request beside it that has to be let in, as the same scene. */
  readonly control?: (scene: Scene) => Buffer;
  /** A request whose answer has to be the same in status, headers and body. */
  readonly twin?: (scene: Scene) => Buffer;
  /** What the store may be asked on the way; whatever it takes, unless this says so. */
  readonly asks?: readonly string[];
  /** What became of the victim's session; without it the request must not have written anything at all. */
  readonly ends?: EndReason | 'live';
  /** What the answer must not say. */
  readonly conceals?: (scene: Scene) => readonly string[];
}

/** A hostile case: its title begins with the requirements it shows. */
export interface Case {
  readonly title: string;
  readonly attempts: readonly Attempt[];
}

/** A file of the corpus. */
export interface Category {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The challenges of a 401 (RFC 6750 section 3). */
const BEARER = 'Bearer';
const BAD_TOKEN = 'Bearer error="invalid_token"';

/** No credentials at all (RFC 6750 section 3.1). */
export const NO_TOKEN: Outcome = {
  status: 401,
  code: 'invalid_token',
  reason: 'no_credentials',
  challenge: BEARER,
};

/** A bad access token, or one to sign out with. */
export function badToken(reason: RefusalReason): Outcome {
  return { status: 401, code: 'invalid_token', reason, challenge: BAD_TOKEN };
}

/** A bad refresh token. */
export function badGrant(reason: RefusalReason): Outcome {
  return { status: 401, code: 'invalid_grant', reason, challenge: BEARER };
}

/** A request that is no request. */
export function malformed(reason: RefusalReason = 'malformed_request'): Outcome {
  return { status: 400, code: 'invalid_request', reason };
}

/** More than one credential of a kind. */
export const TWO_CREDENTIALS: Outcome = malformed('two_credentials');
/** A cookie a page of another site made the browser send. */
export const CROSS_SITE: Outcome = { status: 403, code: 'cross_site', reason: 'cross_site_request' };
/** No such session, or another user's. */
export const NOT_FOUND: Outcome = { status: 404, code: 'not_found', reason: 'session_unknown' };
/** A sign-in with a name and a password that do not go together. */
export const WRONG_PASSWORD: Outcome = {
  status: 401,
  code: 'invalid_credentials',
  reason: 'wrong_password',
  challenge: BEARER,
};

/** An answer of the framework, or of Node's parser before it; Fastify has codes of its own. */
export function byFramework(status: number, code?: `FST_${string}`): Outcome {
  return { status, ...(code && { code }) };
}
