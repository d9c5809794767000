import type { SessionLimits } from '../options/session-options.js';
import { endOf, type Session, type SessionEnd } from '../sessions/session.js';
import { toEndedView, toSessionView } from '../sessions/session-view.js';
import type { SessionStreamEvents } from '../wire.js';

type EventName = keyof SessionStreamEvents;

/** One event of `GET /sessions/events`, as the session that watches sees it. */
export type LiveNews = { [Name in EventName]: { type: Name; session: SessionStreamEvents[Name] } }[EventName];

/** A session that has ended, and how it ended. */
export interface EndedSession {
  readonly session: Session;
  readonly end: SessionEnd;
}

/** What happened to a session, whoever watches. */
export type SessionChange =
  | { readonly type: 'session.opened' | 'session.changed'; readonly session: Session }
  | ({ readonly type: 'session.revoked' } & EndedSession);

/** The sessions of one user at one moment, by their guids. */
export interface Snapshot {
  readonly live: ReadonlyMap<string, Session>;
  readonly ended: ReadonlyMap<string, EndedSession>;
}

/** Sorts the rows of a user into live and ended ones. */
export function snapshotOf(rows: readonly Session[], at: number, limits: SessionLimits): Snapshot {
  const [live, ended] = [new Map<string, Session>(), new Map<string, EndedSession>()];
  for (const session of rows) {
    const end = endOf(session, at, limits);
    if (end) ended.set(session.guid, { session, end });
    else live.set(session.guid, session);
  }
  return { live, ended };
}

/**
 * What happened to the sessions that were live before. A row that is gone was deleted with its user. A session that
 * comes into view and was opened no later than `seen` is not new: it took the place of others that ended.
 */
export function changesBetween(before: Snapshot['live'], after: Snapshot, at: number, seen = 0): SessionChange[] {
  const over = [...before.values()].filter(({ guid }) => !after.live.has(guid));
  const deleted = { endedAt: at, endReason: 'user_disabled' } as const;
  return [
    ...[...after.live.values()].flatMap((session) => changeOf(before.get(session.guid), session, seen)),
    ...over.map((session): SessionChange => {
      return { type: 'session.revoked', ...(after.ended.get(session.guid) ?? { session, end: deleted }) };
    }),
  ];
}

/** What may have happened since a moment, repeated for a watcher that was away: reporting it twice does no harm. */
export function changesSince(since: number, { live, ended }: Snapshot): SessionChange[] {
  const over = [...ended.values()].filter(({ end }) => end.endedAt >= since);
  return [
    ...[...live.values()].map((session): SessionChange => {
      return { type: session.createdAt >= since ? 'session.opened' : 'session.changed', session };
    }),
    ...over.map((one): SessionChange => ({ type: 'session.revoked', ...one })),
  ];
}

/** A change as the session named `current` sees it. */
export function newsOf(change: SessionChange, current: string): LiveNews {
  if (change.type !== 'session.revoked') return { type: change.type, session: toSessionView(change.session, current) };
  return { type: change.type, session: toEndedView(change.session, change.end, current) };
}

function changeOf(before: Session | undefined, session: Session, seen: number): SessionChange[] {
  if (!before) return [{ type: session.createdAt > seen ? 'session.opened' : 'session.changed', session }];
  const shown = (['name', 'lastActiveAt', 'userAgent', 'ip'] as const).some(
    (field) => before[field] !== session[field],
  );
  const suspected = before.suspicion?.at !== session.suspicion?.at;
  return shown || suspected ? [{ type: 'session.changed', session }] : [];
}
