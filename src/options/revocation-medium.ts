import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';

/**
 * A medium outside of the database that carries revocations and is shared by all processes, such as `SessionRedis` of
 * `nestjs-session-registry/redis`. Opened when the app starts, closed when it ends.
 */
export abstract class RevocationMedium {
  abstract open(): Promise<void>;
  abstract close(): Promise<void>;
}

/** A medium, or one of these names. Throws ConfigurationError for anything else. */
export function mediumOr<T extends string>(option: string, given: unknown, names: readonly T[]): T | RevocationMedium {
  if (given instanceof RevocationMedium || names.includes(given as T)) return given as T | RevocationMedium;
  const known = [...names.map((name) => `'${name}'`), '`new SessionRedis({ url })` of nestjs-session-registry/redis'];
  throw new ConfigurationError(option, `${inspect(given, { depth: 0 })} is not known`, `Give ${known.join(', or ')}`);
}
