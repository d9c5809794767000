import type { Session, SessionState } from '../../sessions/session.js';
import type { CutoffMark } from '../../sessions/cutoff.js';
import type { Activity } from '../../sessions/session-store.js';
import type { EndReason } from '../../wire.js';
import type { SqlRow, SqlValue } from './sql-value.js';

/** The columns that a check needs. Drivers return 64-bit numbers as text or as numbers, and this accepts both. */
export function toState(row: SqlRow): SessionState {
  return {
    refTokID: String(row.refTokID),
    predecessor: text(row.predecessor),
    rotatedAt: number(row.rotatedAt),
    usedAt: number(row.usedAt),
    lastActiveAt: Number(row.lastActiveAt),
    expiresAt: Number(row.expiresAt),
    endedAt: number(row.endedAt),
    endReason: text(row.endReason) as EndReason | null,
  };
}

/** A whole row as a session. */
export function toSession(row: SqlRow): Session {
  return {
    ...toState(row),
    guid: String(row.guid),
    userId: String(row.userId),
    ticket: Number(row.ticket),
    name: text(row.name),
    userAgent: text(row.userAgent),
    ip: text(row.ip),
    createdAt: Number(row.createdAt),
    purgeAt: Number(row.purgeAt),
  };
}

/** How recently a session was active. */
export function toActivity({ guid, createdAt, lastActiveAt }: SqlRow): Activity {
  return { guid: String(guid), createdAt: Number(createdAt), lastActiveAt: Number(lastActiveAt) };
}

function text(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function number(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** The mark in a row with a cutoff. */
export function toMark({ ticket, kept }: SqlRow): CutoffMark {
  return { ticket: Number(ticket), kept: kept === null || kept === undefined ? null : String(kept) };
}
