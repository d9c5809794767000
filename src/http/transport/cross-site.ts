import type { AuthRequest } from '../../auth/request-info.js';
import { isListed } from '../../options/origins.js';

/** Methods that change nothing (RFC 9110 section 9.2.1) and are therefore harmless from another site. */
const SAFE_METHODS: ReadonlySet<unknown> = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOCALHOST = /^(?:(?:[a-z\d_-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether this request was sent by a page of another origin that is not listed in `origins` (ASVS 3.5.1). The rule of Go's
 * `http.CrossOriginProtection`: a browser sends Sec-Fetch-Site, an older one sends Origin, and a client that sends
 * neither is not a browser. A page can neither remove nor forge these headers.
 */
export function isCrossSite({ headers = {} }: AuthRequest, origins: readonly string[]): boolean {
  const { origin, host = headers[':authority'], 'sec-fetch-site': site } = headers;
  if (typeof origin === 'string' && isListed(origin, origins)) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && (host === undefined || hostOf(origin) !== host);
}

/** Whether a browser sent this request on behalf of a page. */
export function isFromBrowser({ headers = {} }: AuthRequest): boolean {
  return headers['sec-fetch-site'] !== undefined || headers.origin !== undefined;
}

/** Whether a request names the machine itself as its host: localhost, a name below it, or a loopback address (RFC 6761). */
export function isToLocalhost({ headers = {} }: AuthRequest): boolean {
  const { host = headers[':authority'] } = headers;
  return typeof host === 'string' && LOCALHOST.test(host);
}

/** Whether a request may change something, by its method; one without a method may. */
export function mayChange({ method }: AuthRequest): boolean {
  return !SAFE_METHODS.has(method);
}

function hostOf(origin: unknown): string | undefined {
  return typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).host : undefined;
}
