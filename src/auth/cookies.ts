import { parseCookie } from 'cookie';
import { AuthError } from '../errors.js';
import type { AuthRequest } from './request-info.js';

const AS_IT_IS = { decode: (value: string) => value };

/**
 * The token in the cookie of this name, or undefined if there is none. Throws AuthError `invalid_request` for two cookies
 * of that name: a browser holds only one, so somebody planted the other.
 */
export function cookieOf(request: AuthRequest, name: string): string | undefined {
  const header = request.headers?.cookie;
  if (typeof header !== 'string' || !header.includes(name)) return undefined;
  const [token, ...more] = header.split(';').flatMap((pair) => parseCookie(pair, AS_IT_IS)[name] ?? []);
  if (more.length === 0) return token === '' ? undefined : token;
  throw new AuthError('invalid_request', 'two_credentials', { detail: `there are two cookies ${name}` });
}
