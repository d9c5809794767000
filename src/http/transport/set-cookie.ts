import { stringifySetCookie } from 'cookie';
import type { CookieNames } from '../../options/cookie-names.js';
import type { TransportOptions } from '../../options/transport-options.js';

/** Which of the two tokens a cookie holds. */
export type CookieKind = keyof CookieNames;

/** What the options say about how a cookie is written. */
export type CookieForm = Pick<TransportOptions, 'names' | 'secure' | 'sameSite'>;

/** The kinds of cookies that these options set. */
export function cookiesInUse({ kind, access }: Pick<TransportOptions, 'kind' | 'access'>): readonly CookieKind[] {
  if (kind === 'bearer') return [];
  return access ? ['refresh', 'access'] : ['refresh'];
}

/**
 * A Set-Cookie line whose cookie cannot be read by scripts, over plain HTTP or by other hosts (ASVS 3.3.1 to 3.3.4).
 * `seconds` is the lifetime of the token. Only the development mode leaves out `Secure`.
 */
export function setCookie(
  kind: CookieKind,
  token: string,
  seconds: number,
  { names, secure, sameSite }: CookieForm,
): string {
  const attributes = { httpOnly: true, secure, sameSite, path: '/', maxAge: seconds };
  return stringifySetCookie({ name: names[kind], value: token, ...attributes });
}

/**
 * The line that removes the cookie. Its other attributes are the same, or a browser would refuse it because of its
 * prefix.
 */
export function clearCookie(kind: CookieKind, form: CookieForm): string {
  return setCookie(kind, '', 0, form);
}
