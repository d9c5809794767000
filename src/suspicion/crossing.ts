import type { ClientInfo } from '../sessions/client-info.js';
import { kindOf, likenessOf } from './device-likeness.js';
import { areApart, placeOf } from './place.js';

/** What two clients differ in. */
export type Evidence = 'devices' | 'networks';

/** The client who rotated a session, and the one who presented its predecessor and was honoured. */
export type ClientPair = readonly [rotated: ClientInfo, presented: ClientInfo];

/** One generation that was given to two clients. */
export interface Crossing {
  readonly evidence: Evidence;
  /** The two, by what they differ in and in no order: the same again for the same two. */
  readonly between: string;
}

/** Whether the two are surely two; undefined where they may be one, such as two tabs, or a phone on its way. */
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
