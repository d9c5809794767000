import { ConfigurationError } from '../errors.js';
import { type CookieNames, cookieNames, cookiePrefix } from './cookie-names.js';
import { flag, oneOf, refuseUnknown } from './option-readers.js';
import { originList } from './origins.js';

/** How the cookies are set and who may use them. */
export interface CookieOptions {
  /**
   * Whether the access token is sent in a cookie too, so that no script of a page ever holds a token.
   * @default false
   */
  access?: boolean;
  /**
   * Whether a request that follows a link from another site carries the cookies: with 'lax' it does.
   * @default 'strict'
   */
  sameSite?: 'strict' | 'lax';
  /**
   * Other origins whose pages may use the cookies: 'https://app.example.com', 'https://*.example.com' for every host with
   * one label before that domain, or 'capacitor://localhost' for pages of an installed app. CORS is up to the app.
   * @default []
   */
  origins?: readonly string[];
  /**
   * Put before the names of the cookies, after `__Host-`, so that several apps on localhost do not overwrite each
   * other's: a browser keeps one jar for all ports of a host.
   * @default '', and in a realm its name and `_`
   */
  prefix?: string;
  /**
   * With false, cookies are set without `Secure` and `__Host-`, and only on localhost: Safari accepts no others over plain
   * HTTP. For a development machine; with `NODE_ENV=production` the app does not start.
   * @default true
   */
  secure?: boolean;
}

/** The options about how tokens are sent. */
export interface TransportSettings {
  /**
   * How tokens are sent: in bodies and the Authorization header, in cookies, or in cookies for browsers only.
   * @default 'bearer'
   */
  transport?: 'bearer' | 'cookie' | 'both';
  /**
   * The cookies of the transports 'cookie' and 'both'.
   * @default { access: false, sameSite: 'strict', origins: [], prefix: '', secure: true }
   */
  cookies?: CookieOptions;
  /**
   * Whether the answer to a sign-out tells the browser to drop what it cached of this origin (ASVS 14.3.1), with
   * `Clear-Site-Data: "cache"`.
   * @default false
   */
  clearCache?: boolean;
}

/** The names of these options. */
export const TRANSPORT_OPTIONS: Record<keyof TransportSettings, true> = {
  transport: true,
  cookies: true,
  clearCache: true,
};

/** How tokens are sent between client and server. */
export interface TransportOptions {
  readonly kind: 'bearer' | 'cookie' | 'both';
  readonly access: boolean;
  readonly sameSite: 'strict' | 'lax';
  readonly origins: readonly string[];
  readonly names: CookieNames;
  readonly secure: boolean;
  readonly clearCache: boolean;
}

const KNOWN_COOKIES: Record<keyof CookieOptions, true> = {
  access: true,
  sameSite: true,
  origins: true,
  prefix: true,
  secure: true,
};

/**
 * How tokens are sent, validated and with defaults; the names of a realm's cookies begin with its own. Throws
 * ConfigurationError.
 */
export function resolveTransport(given: TransportSettings, realm?: string): TransportOptions {
  const { transport = 'bearer', cookies = {}, clearCache = false } = given;
  refuseUnknown('cookies.', cookies, KNOWN_COOKIES);
  const { access = false, sameSite = 'strict', origins = [] } = cookies;
  const { prefix = realm === undefined ? '' : `${realm}_` } = cookies;
  const secure = secureFlag(cookies.secure ?? true);
  return Object.freeze({
    kind: oneOf('transport', transport, ['bearer', 'cookie', 'both']),
    access: flag('cookies.access', access),
    sameSite: oneOf('cookies.sameSite', sameSite, ['strict', 'lax']),
    origins: originList(origins),
    names: cookieNames(cookiePrefix(prefix), secure),
    secure,
    clearCache: flag('clearCache', clearCache),
  });
}

function secureFlag(given: unknown): boolean {
  const secure = flag('cookies.secure', given);
  if (secure || process.env.NODE_ENV !== 'production') return secure;
  const problem = 'it is false, and `NODE_ENV` is production, where anybody on the way could read the cookies';
  throw new ConfigurationError('cookies.secure', problem, 'Leave it out here, and set it on development machines only');
}
