import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import type { AuthModuleSettings } from './auth-module-options.js';
import type { CookieOptions } from './cookie-options.js';
import { flag, oneOf, refuseUnknown } from './option-readers.js';
import type { TransportOptions } from './resolved-auth-options.js';

const KNOWN_COOKIES: Record<keyof CookieOptions, true> = { access: true, sameSite: true, origins: true };

/** How tokens travel, checked and filled in. Throws ConfigurationError. */
export function resolveTransport(given: AuthModuleSettings): TransportOptions {
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
  throw new ConfigurationError('cookies.origins', `${inspect(given)} is no list`, 'Give a list of origins');
}

function origin(given: unknown): string {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  const sent = url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
  if (sent !== undefined && sent === given) return sent;
  const mend = `Write '${sent ?? 'https://app.example.com'}', as a browser sends it`;
  throw new ConfigurationError('cookies.origins', `${inspect(given)} is no origin`, mend);
}
