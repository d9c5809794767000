import { ConfigurationError } from '../errors.js';
import type { ClientRecord } from './client-options.js';
import { count, refuseUnknown } from './option-readers.js';

/** When a session counts as used by two clients in turn: after how many rotations in a row in which both took part. */
export interface SuspicionOptions {
  /**
   * If the devices differ, such as two browsers or two systems.
   * @default 5
   */
  devices?: number;
  /**
   * If the devices look alike and only the networks differ; null if networks alone should never count.
   * @default 20
   */
  networks?: number | null;
}

/** How many rotations in a row two clients may share; null if that evidence does not count. */
export interface SuspicionLimits {
  readonly devices: number;
  readonly networks: number | null;
}

const KNOWN: Record<keyof SuspicionOptions, true> = { devices: true, networks: true };

/** The limits of suspicion; null if it is off, or if nothing is stored about a client that could be compared. */
export function resolveSuspicion(
  given: SuspicionOptions | false | undefined,
  record: ClientRecord,
): Readonly<SuspicionLimits> | null {
  if (given === false) return null;
  if (given !== undefined) refuseUnknown('suspicion.', given, KNOWN);
  if (!record.ip && !record.userAgent) return offOrRefused(given);
  const { devices = 5, networks = 20 } = given ?? {};
  return Object.freeze({
    devices: count('suspicion.devices', devices),
    networks: networks === null ? null : count('suspicion.networks', networks),
  });
}

function offOrRefused(given: SuspicionOptions | undefined): null {
  if (given === undefined) return null;
  const problem = 'it compares clients, but nothing about a client is recorded';
  throw new ConfigurationError('suspicion', problem, 'Leave it out, or record the User-Agent or the address');
}
