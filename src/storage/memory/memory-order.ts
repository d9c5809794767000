import type { Session } from '../../sessions/session.js';
import type { ListPage } from '../../sessions/session-store.js';

/** The time at which a session is looked at. */
export interface Moment {
  readonly at: number;
  readonly idleBefore: number;
}

/** When a session ended by time, or will end. */
export function overAt({ lastActiveAt, expiresAt }: Session, { at, idleBefore }: Moment): number {
  return lastActiveAt <= idleBefore ? Math.min(lastActiveAt + at - idleBefore, expiresAt) : expiresAt;
}

/** When a session ended; null for a live one. */
export function endIn(session: Session, moment: Moment): number | null {
  const end = session.endedAt ?? overAt(session, moment);
  return session.endedAt !== null || end <= moment.at ? end : null;
}

/** The place of a session in a list. */
export function placeOf({ session, endedAt }: { session: Session; endedAt: number | null }) {
  return { createdAt: session.createdAt, guid: session.guid, endedAt: endedAt ?? undefined };
}

/** The order of a list: last ended first, then last opened first, then by descending guid. */
export function byPlace(one: NonNullable<ListPage['after']>, other: NonNullable<ListPage['after']>): number {
  const last = (other.endedAt ?? 0) - (one.endedAt ?? 0) || other.createdAt - one.createdAt;
  return last || (one.guid < other.guid ? 1 : -Number(one.guid > other.guid));
}
