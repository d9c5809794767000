import type { Activity } from './session-store.js';

/** Orders sessions by how recently they were active: the most recent first. */
export function byActivity(one: Activity, other: Activity): number {
  return (
    other.lastActiveAt - one.lastActiveAt ||
    other.createdAt - one.createdAt ||
    (one.guid < other.guid ? -1 : Number(one.guid > other.guid))
  );
}

/** Whether a session is this one, or comes after it in that order. */
export function isNoMoreActive(session: Activity, than: Activity): boolean {
  return byActivity(session, than) >= 0;
}
