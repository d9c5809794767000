import type { Activity } from './session-store.js';

/** Sorts sessions by their last activity, the most recent first. */
export function byActivity(one: Activity, other: Activity): number {
  return (
    other.lastActiveAt - one.lastActiveAt ||
    other.createdAt - one.createdAt ||
    (one.guid < other.guid ? -1 : Number(one.guid > other.guid))
  );
}

/** Whether `session` was active no more recently than `than`: in that order it is the same one, or comes later. */
export function isNoMoreActive(session: Activity, than: Activity): boolean {
  return byActivity(session, than) >= 0;
}
