import { isIPv4 } from 'node:net';
import { networkOf } from '../sessions/network.js';

/**
 * The network of an address: its /64 in IPv6, its /24 in IPv4, since providers assign neighbouring ones; null if it is
 * not an address.
 */
export function placeOf(ip: string | null): string | null {
  const network = networkOf(ip);
  if (network === networkOf(null)) return null;
  return isIPv4(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network;
}

/**
 * Whether two addresses certainly belong to two networks. An IPv4 and an IPv6 address may belong to one client, which
 * uses whichever answers first (RFC 8305).
 */
export function areApart(one: string | null, other: string | null): boolean {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a !== null && b !== null && a !== b && a.includes(':') === b.includes(':');
}
