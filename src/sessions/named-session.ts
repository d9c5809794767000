import { isGuid, type UserId, userIdOf } from '../id-rules.js';
import type { SessionKey } from './session-store.js';

/** One session as an app names it: of this user, or unknown. */
export interface NamedSession {
  readonly userId: UserId;
  readonly guid: string;
}

/** The session of a user, or undefined for a name that none can have. Throws a TypeError for what is no user id. */
export function keyOf({ userId, guid }: NamedSession): SessionKey | undefined {
  const id = userIdOf(userId);
  return isGuid(guid) ? { userId: id, guid } : undefined;
}

/** The name of a session that there may be. */
export function guidOf(given: string | undefined): string | undefined {
  return isGuid(given) ? given : undefined;
}
