import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';

/** What may stand in a table's name, in a cookie's name, in a path and in a key of Redis alike. */
const NAME = /^[a-z][a-z0-9_]{0,23}$/;

/** The name of a realm. Throws ConfigurationError for one that could not stand in the names derived from it. */
export function realmName(given: unknown): string {
  if (typeof given === 'string' && NAME.test(given)) return given;
  const mend = 'Give up to 24 lower-case letters, digits and _, and a letter first, such as `admin`';
  throw new ConfigurationError('realm', `${inspect(given)} cannot be the name of a realm`, mend);
}

/** A name for one realm, such as a metadata key or the name of a strategy; the name itself if there is no realm. */
export function nameIn(realm: string | undefined, name: string): string {
  return realm === undefined ? name : `${name}-${realm}`;
}
