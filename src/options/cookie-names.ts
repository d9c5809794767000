import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';

/** The names of the cookies of the two tokens. */
export interface CookieNames {
  readonly access: string;
  readonly refresh: string;
}

/** Short enough that a cookie has room for its token (RFC 6265 section 6.1), and without what is not allowed in a name. */
const PREFIX = /^[a-z\d][\w.-]{0,39}$/i;

/**
 * The names of the cookies with this prefix, the only place that makes them. `__Host-` binds each to one host, HTTPS and
 * no subdomain (RFC 6265bis section 4.1.3.2); without `secure` a browser would refuse it.
 */
export function cookieNames(prefix: string, secure: boolean): CookieNames {
  const start = `${secure ? '__Host-' : ''}${prefix}`;
  return Object.freeze({ access: `${start}access_token`, refresh: `${start}refresh_token` });
}

/** The prefix of the option `cookies.prefix`. Throws ConfigurationError. */
export function cookiePrefix(given: unknown): string {
  if (given === '' || (typeof given === 'string' && PREFIX.test(given))) return given;
  const mend = "Give up to 40 letters, digits and `.` `_` `-`, such as 'shop_'; `__Host-` is put before it";
  throw new ConfigurationError('cookies.prefix', `${inspect(given)} cannot begin the name of a cookie`, mend);
}
