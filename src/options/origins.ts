import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';

const WEB = /^https?:/;
/** The origin of a page that an installed app brings along, such as `capacitor://localhost` or `app://-`. */
const OF_APP = /^[a-z][a-z\d+.-]*:\/\/[a-z\d._-]+(?::\d{1,5})?$/;
/** Schemes whose pages have no origin of their own, so that a browser sends `null` for them, or that load no pages. */
const NOT_OF_APP = /^(?:file|data|blob|javascript|about|wss?|ftp):/;
const STAR = '*.';
/** One label of a host name, as a browser sends it. */
const LABEL = /^[a-z\d_-]{1,63}$/;
/** A domain that subdomains may be listed of: of two labels or more, or localhost. */
const DOMAIN = /^(?:[a-z\d_-]+(?:\.[a-z\d_-]+)+|localhost)$/;

/** The list of the option `cookies.origins`. Throws ConfigurationError. */
export function originList(given: unknown): readonly string[] {
  if (Array.isArray(given)) return Object.freeze(given.map(checkOrigin));
  throw new ConfigurationError('cookies.origins', `${inspect(given)} is not a list`, 'Give a list of origins');
}

/**
 * Whether one of the listed origins is this one. `https://*.example.com` stands for the origins whose host has exactly one
 * label before `example.com`, with the same scheme and port; not for `https://example.com`, and for nothing below.
 */
export function isListed(origin: string, listed: readonly string[]): boolean {
  return listed.some((one) => (one.includes(STAR) ? isUnder(origin, one) : one === origin));
}

function isUnder(origin: string, pattern: string): boolean {
  const star = pattern.indexOf(STAR);
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return LABEL.test(origin.slice(before.length, -after.length));
}

function checkOrigin(given: unknown): string {
  if (typeof given !== 'string') throw invalid(given, `Write '${EXAMPLE}', as a browser sends it`);
  if (given.includes('*')) return checkPattern(given);
  if (OF_APP.test(given) && !WEB.test(given) && !NOT_OF_APP.test(given)) return given;
  const sent = webOriginOf(given);
  if (sent === given) return given;
  throw invalid(given, `Write '${sent ?? EXAMPLE}', as a browser sends it`);
}

/** The star stands for one whole label, and what is left without it has to be an origin. */
function checkPattern(given: string): string {
  const [scheme = '', host = '', ...more] = given.split(STAR);
  const sent = webOriginOf(`${scheme}any.${host}`);
  const isSound = more.length === 0 && /^https?:\/\/$/.test(scheme) && DOMAIN.test(host.replace(/:\d+$/, ''));
  if (isSound && sent === `${scheme}any.${host}`) return given;
  throw invalid(given, "Write `*` for the first label of a domain of your own, such as 'https://*.example.com'");
}

const EXAMPLE = 'https://app.example.com';

function webOriginOf(given: string): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  return url && WEB.test(url.protocol) ? url.origin : undefined;
}

function invalid(given: unknown, mend: string): ConfigurationError {
  return new ConfigurationError('cookies.origins', `${inspect(given)} is not a valid origin`, mend);
}
