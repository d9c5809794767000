import { isIP } from 'node:net';
import { EnvironmentError } from './environment-error.js';

/** Whose `X-Forwarded-For` is believed, as Express and Fastify both read it: none, ranges, or who is near enough. */
export type TrustProxy = false | string[] | ((address: string, hop: number) => boolean);

const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MEND =
  'Write the addresses of your proxies: loopback, linklocal, uniquelocal, 10.0.0.7 or 10.0.0.0/8, with commas ' +
  'between them. Or how many proxies stand before this app, where nobody reaches it but through them';

/** Reads a `TRUST_PROXY`. Throws EnvironmentError. */
export function parseTrustProxy(text: string | undefined): TrustProxy {
  if (text === undefined) return false;
  // Fastify takes a bare number for nobody.
  if (/^[1-9]\d?$/.test(text)) return (_address, hop) => hop < Number(text);
  const ranges = text.split(',').map((range) => range.trim());
  const wrong = ranges.find((range) => !NAMED.has(range) && !isRange(range));
  if (wrong === undefined) return ranges;
  throw new EnvironmentError('TRUST_PROXY', `'${wrong}' names no proxy`, MEND);
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (most === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most);
}
