import { AuthError } from '../errors.js';
import { isUserId, MAX_USER_ID_LENGTH } from '../id-rules.js';
import { frozen } from './frozen.js';

/**
 * The two kinds of token. Each is refused where the other is required (RFC 9068 section 2.1, RFC 8725 section 3.11).
 */
export type TokenKind = 'access' | 'refresh';

/** The `typ` header of each kind. */
export const TOKEN_TYPES: Readonly<Record<TokenKind, string>> = { access: 'at+jwt', refresh: 'rt+jwt' };

/** The content of a verified token. Times are seconds since the epoch (RFC 7519 section 2). */
export interface TokenClaims {
  readonly sub: string;
  readonly guid: string;
  readonly refTokID: string;
  readonly iat: number;
  readonly exp: number;
  /** The later of `iat` and `nbf`. */
  readonly validFrom: number;
  /** The number that orders the session's sign-in relative to cutoffs; 0 in a token without one. */
  readonly ticket: number;
  /** The app's own claims, as they were at the sign-in or the latest renewal. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** The member of a refresh token that carries the app's claims to the next renewal. */
export const CUSTOM = 'custom';

/** Names that the app's own claims cannot use. */
export const RESERVED_CLAIMS: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'guid', 'refTokID', 'ticket', CUSTOM],
  // The last of them would make JSON write something else instead of the claims.
  ...['__proto__', 'constructor', 'prototype', 'toJSON'],
]);

/**
 * Copies the claims one by one and checks the type of each (ASVS 9.2.1). They are deeply frozen, because requests share
 * them. Throws AuthError `invalid_token`.
 */
export function readClaims(kind: TokenKind, payload: Readonly<Record<string, unknown>>): TokenClaims {
  const iat = whole(payload, 'iat');
  return Object.freeze({
    sub: id(payload, 'sub'),
    guid: text(payload, 'guid'),
    refTokID: text(payload, 'refTokID'),
    iat,
    exp: whole(payload, 'exp'),
    validFrom: Object.hasOwn(payload, 'nbf') ? Math.max(iat, whole(payload, 'nbf')) : iat,
    ticket: Object.hasOwn(payload, 'ticket') ? whole(payload, 'ticket') : 0,
    custom: frozen(kind === 'refresh' ? withoutReserved(own(payload, CUSTOM)) : withoutReserved(payload)),
  });
}

/** The app's claims without the names that the library reserves. */
export function withoutReserved(claims: unknown): Record<string, unknown> {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return {};
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED_CLAIMS.has(name)));
}

function id(payload: object, name: string): string {
  const value = own(payload, name);
  if (isUserId(value)) return value;
  throw wrongClaim(name);
}

/** A text no longer than an id; the code that looks it up checks whether it can be one of ours. */
function text(payload: object, name: string): string {
  const value = own(payload, name);
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_USER_ID_LENGTH) return value;
  throw wrongClaim(name);
}

function whole(payload: object, name: string): number {
  const value = own(payload, name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrongClaim(name);
}

function own(payload: object, name: string): unknown {
  return Object.hasOwn(payload, name) ? (payload as Record<string, unknown>)[name] : undefined;
}

function wrongClaim(name: string): AuthError {
  return new AuthError('invalid_token', 'wrong_claims', { detail: `claim ${name} is missing or not valid` });
}
