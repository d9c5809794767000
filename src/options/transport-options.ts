import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import { flag, oneOf, refuseUnknown } from './option-readers.js';

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
   * Other origins whose pages may use the cookies, such as 'https://app.example.com'. CORS is up to the app.
   * @default []
   */
  origins?: readonly string[];
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
   * @default { access: false, sameSite: 'strict', origins: [] }
   */
  cookies?: CookieOptions;
}

/** The names of these options. */
export const TRANSPORT_OPTIONS: Record<keyof TransportSettings, true> = {
  transport: true,
  cookies: true,
};

/** How tokens are sent between client and server. */
export interface TransportOptions {
  readonly kind: 'bearer' | 'cookie' | 'both';
  readonly access: boolean;
  readonly sameSite: 'strict' | 'lax';
  readonly origins: readonly string[];
}

const KNOWN_COOKIES: Record<keyof CookieOptions, true> = { access: true, sameSite: true, origins: true };

/** How tokens are sent, validated and with defaults. Throws ConfigurationError. */
export function resolveTransport(given: TransportSettings): TransportOptions {
  const { transport = 'bearer', cookies = {} } = given;
  refuseUnknown('cookies.', cookies, KNOWN_COOKIES);
  const { access = false, sameSite = 'strict', origins = [] } = cookies;
  return Object.freeze({
    kind: oneOf('transport', transport, ['bearer', 'cookie', 'both']),
    access: flag('cookies.access', access),
    sameSite: oneOf('cookies.sameSite', sameSite, ['strict', 'lax']),
    origins: originList(origins),
  });
}

function originList(given: unknown): readonly string[] {
  if (Array.isArray(given)) return Object.freeze(given.map(origin));
  throw new ConfigurationError('cookies.origins', `${inspect(given)} is not a list`, 'Give a list of origins');
}

function origin(given: unknown): string {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  const sent = url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
  if (sent !== undefined && sent === given) return sent;
  const mend = `Write '${sent ?? 'https://app.example.com'}', as a browser sends it`;
  throw new ConfigurationError('cookies.origins', `${inspect(given)} is not a valid origin`, mend);
}
