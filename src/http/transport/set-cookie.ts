import { stringifySetCookie } from 'cookie';
import { COOKIE_NAMES } from '../../auth/cookies.js';
import type { TransportOptions } from '../../options/transport-options.js';

/** Which of the two tokens a cookie holds. */
export type CookieKind = keyof typeof COOKIE_NAMES;

/** The kinds of cookies that these options set. */
export function cookiesInUse({ kind, access }: TransportOptions): readonly CookieKind[] {
  if (kind === 'bearer') return [];
  return access ? ['refresh', 'access'] : ['refresh'];
}

/**
 * A Set-Cookie line whose cookie cannot be read by scripts, over plain HTTP or by other hosts (ASVS 3.3.1 to 3.3.4).
 * `seconds` is the lifetime of the token.
 */
export function setCookie(kind: CookieKind, token: string, seconds: number, sameSite: 'strict' | 'lax'): string {
  const attributes = { httpOnly: true, secure: true, sameSite, path: '/', maxAge: seconds };
  return stringifySetCookie({ name: COOKIE_NAMES[kind], value: token, ...attributes });
}

/**
 * The line that removes the cookie. Its other attributes are the same, or a browser would refuse it because of its
 * prefix.
 */
export function clearCookie(kind: CookieKind, sameSite: 'strict' | 'lax'): string {
  return setCookie(kind, '', 0, sameSite);
}
