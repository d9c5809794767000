import { isGuid, type UserId, userIdOf } from '../id-rules.js';
import type { SessionKey } from './session-store.js';

/** One session as an app names it. If it does not belong to this user, it counts as unknown. */
export interface NamedSession {
  readonly userId: UserId;
  readonly guid: string;
}

/** The key of a session, or undefined if no session can have this guid. Throws a TypeError for an invalid user id. */
export function keyOf({ userId, guid }: NamedSession): SessionKey | undefined {
  const id = userIdOf(userId);
  return isGuid(guid) ? { userId: id, guid } : undefined;
}

/** The guid as given, or undefined if no session can have it. */
export function guidOf(given: string | undefined): string | undefined {
  return isGuid(given) ? given : undefined;
}
