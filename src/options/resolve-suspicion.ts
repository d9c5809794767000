import { ConfigurationError } from '../errors.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { count, refuseUnknown } from './option-readers.js';
import type { ClientRecord, SuspicionLimits } from './resolved-auth-options.js';
import type { SuspicionOptions } from './suspicion-options.js';

const KNOWN: Record<keyof SuspicionOptions, true> = { devices: true, networks: true };

/** The limits of suspicion; null where it is off, or where nothing of a client is kept to compare. */
export function resolveSuspicion(
  given: AuthModuleOptions['suspicion'],
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
  const problem = 'it compares clients, and nothing of a client is recorded';
  throw new ConfigurationError('suspicion', problem, 'Leave it out, or record the User-Agent or the address');
}
