import { parseCookie } from 'cookie';
import { AuthError } from '../errors.js';
import type { AuthRequest } from './request-info.js';

/** The cookies of the tokens; the prefix binds each to one host, HTTPS and no subdomain (RFC 6265bis section 4.1.3). */
export const COOKIE_NAMES = { access: '__Host-access_token', refresh: '__Host-refresh_token' } as const;

const AS_IT_IS = { decode: (value: string) => value };

/**
 * The token in a cookie, or undefined if there is none. Throws AuthError `invalid_request` for two cookies of the same
 * name: a browser holds only one, so somebody planted the other.
 */
export function cookieOf(request: AuthRequest, kind: keyof typeof COOKIE_NAMES): string | undefined {
  const header = request.headers?.cookie;
  const name = COOKIE_NAMES[kind];
  if (typeof header !== 'string' || !header.includes(name)) return undefined;
  const [token, ...more] = header.split(';').flatMap((pair) => parseCookie(pair, AS_IT_IS)[name] ?? []);
  if (more.length === 0) return token === '' ? undefined : token;
  throw new AuthError('invalid_request', 'two_credentials', { detail: `there are two cookies ${name}` });
}
