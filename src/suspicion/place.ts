import { isIPv4 } from 'node:net';
import { networkOf } from '../sessions/network.js';

/** Where an address is: its /64 in IPv6, its /24 in IPv4, since providers hand out neighbours; null where it is none. */
export function placeOf(ip: string | null): string | null {
  const network = networkOf(ip);
  if (network === networkOf(null)) return null;
  return isIPv4(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network;
}

/**
 * Whether two addresses are surely of two networks. An IPv4 and an IPv6 address may be of one client, which takes
 * whichever answers first (RFC 8305).
 */
export function areApart(one: string | null, other: string | null): boolean {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a !== null && b !== null && a !== b && a.includes(':') === b.includes(':');
}
