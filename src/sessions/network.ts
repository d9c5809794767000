import { isIPv4, isIPv6, SocketAddress } from 'node:net';

const UNKNOWN = 'unknown';
/** Longer than any address, zone and port included. */
const MAX_LENGTH = 100;
const IN_BRACKETS = /^\[([^\]]*)\](?::\d+)?$/;
const WITH_PORT = /^([\d.]+):\d+$/;
const MAPPED = /^::ffff:([\d.]+)$/;

/**
 * The network to count a client by in your own rate limit: for an IPv6 address its /64, because whoever has one address
 * there has all of them (RFC 4291 section 2.5.4, OWASP ASVS 6.1.1); an IPv4 address unchanged, also if it is mapped into
 * IPv6. Pass `request.ip`, never a header. Anything that is not an address becomes `unknown`, and is counted together.
 *
 * @example networkOf('2001:DB8::7%eth0') // '2001:db8::/64'
 * @example networkOf('::ffff:192.0.2.7') // '192.0.2.7'
 */
export function networkOf(ip: string | null | undefined): string {
  const address = addressOf(ip);
  if (address === undefined) return UNKNOWN;
  return isIPv4(address) ? address : `${canonical(`${firstGroups(address).join(':')}::`)}/64`;
}

/**
 * The plain address in what a framework or a proxy reports: without zone, brackets and port, and as IPv4 if it is mapped
 * into IPv6 (RFC 4291 section 2.5.5.2). IPv6 is in its canonical form (RFC 5952). Undefined for what is not an address.
 *
 * @example addressOf('::ffff:127.0.0.1') // '127.0.0.1'
 * @example addressOf('203.0.113.7:61598') // '203.0.113.7'
 */
export function addressOf(ip: unknown): string | undefined {
  const address = bareAddress(ip);
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const text = canonical(address);
  return MAPPED.exec(text)?.[1] ?? text;
}

/** The address alone, without the zone and without the port that some proxies add. */
function bareAddress(ip: unknown): string {
  if (typeof ip !== 'string' || ip.length > MAX_LENGTH) return '';
  const address = IN_BRACKETS.exec(ip)?.[1] ?? WITH_PORT.exec(ip)?.[1] ?? ip;
  return address.split('%', 1)[0] ?? '';
}

function canonical(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** The first four groups of an address in canonical form: they name its /64. */
function firstGroups(text: string): string[] {
  const [left = [], right = []] = text.split('::').map((side) => side.split(':').filter(Boolean));
  const gap = text.includes('::') ? 8 - left.length - right.length : 0;
  return [...left, ...Array<string>(gap).fill('0'), ...right].slice(0, 4);
}
