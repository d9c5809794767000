import type { ClientInfo } from '../sessions/client-info.js';
import { kindOf, likenessOf } from './device-likeness.js';
import { areApart, placeOf } from './place.js';

/** What two clients differ in. */
export type Evidence = 'devices' | 'networks';

/** The client that rotated a session, and the one whose previous refresh token was accepted. */
export type ClientPair = readonly [rotated: ClientInfo, presented: ClientInfo];

/** One generation that was given to two clients. */
export interface Crossing {
  readonly evidence: Evidence;
  /** The two clients, by what they differ in and in no order: always the same value for the same two. */
  readonly between: string;
}

/** Whether they are certainly two clients; undefined if they may be one, such as two tabs, or a phone on the move. */
export function crossingOf([rotated, presented]: ClientPair): Crossing | undefined {
  const likeness = likenessOf(rotated.userAgent, presented.userAgent);
  const apart = areApart(rotated.ip, presented.ip);
  const named = (evidence: Evidence, nameOf: (client: ClientInfo) => string): Crossing => {
    return { evidence, between: [rotated, presented].map(nameOf).sort().join(' and ') };
  };
  if (likeness === 'different') return named('devices', ({ userAgent }) => kindOf(userAgent));
  if (!apart) return undefined;
  if (likeness === 'unclear') return named('devices', ({ userAgent, ip }) => `${kindOf(userAgent)} at ${placeOf(ip)}`);
  return named('networks', ({ ip }) => String(placeOf(ip)));
}
