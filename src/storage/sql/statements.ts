import { many, raw, sql, writtenOnce } from './statement.js';

/** Every statement of the store, in one place. Each one names the user, or walks an index in bounded steps. */

/** The columns that a check reads. */
export const VERDICT_COLUMNS =
  '"refTokID", "predecessor", "rotatedAt", "usedAt", "lastActiveAt", "expiresAt", "endedAt", "endReason"';
const ROW_COLUMNS = sql`
  "guid", "userId", "ticket", "name", "userAgent", "ip", "createdAt", "purgeAt", ${raw(VERDICT_COLUMNS)}`;
/** Not the bare column: a planner might then walk the index of the user's sessions, and some users have thousands. */
const KEY = sql`"guid" = ${'guid'} AND CONCAT("userId", '') = ${'userId'}`;
const LIVE = sql`"endedAt" IS NULL AND "expiresAt" > ${'at'} AND "lastActiveAt" > ${'idleBefore'}`;
const END = sql`UPDATE "@sessions" SET "endedAt" = ${'at'}, "endReason" = ${'reason'}, "purgeAt" = ${'at'}`;

/** The number of the latest cutoff. */
export const CURRENT_TICKET = 'SELECT "latest" FROM "@session_tickets" WHERE "id" = 1';
/**
 * Draws the next number. It is at least the milliseconds of the database's clock, so that no number is drawn a second time
 * after a failover that lost writes.
 */
export const advanceTicket = (now: string) =>
  `UPDATE "@session_tickets" SET "latest" = CASE WHEN "latest" >= ${now} THEN "latest" + 1 ELSE ${now} END WHERE "id" = 1`;
/** The latest cutoffs of a user and of everybody, whose row has no user id. */
export const cutoffs = writtenOnce(
  (shareLock: string) =>
    sql`SELECT "userId", "ticket", "kept" FROM "@session_cutoffs" WHERE "userId" IN (${'userId'}, '')${raw(shareLock)}`,
);
/** Only everybody's cutoff. */
export const EVERYBODY_CUTOFF = `SELECT "ticket", "kept" FROM "@session_cutoffs" WHERE "userId" = ''`;
/** Every mark that holds for a session: of its user, of everybody, and of the session itself. */
export const MARKS = sql`
  SELECT "ticket", "kept" FROM "@session_cutoffs" WHERE "userId" IN (${'userId'}, '') UNION ALL
  SELECT ${Number.MAX_SAFE_INTEGER}, NULL FROM "@session_denials" WHERE "subject" = ${'subject'}`;
/** Moves a cutoff forward, never back. */
export const MOVE_CUTOFF = sql`
  UPDATE "@session_cutoffs" SET "ticket" = ${'ticket'}, "validTokenFrom" = ${'at'}, "kept" = ${'kept'}
  WHERE "userId" = ${'userId'} AND "ticket" < ${'ticket'}`;
/** For a cutoff that a later one has overtaken: it ends the session that the later one kept. */
export const KEEP_NO_OTHER = sql`
  UPDATE "@session_cutoffs" SET "kept" = NULL WHERE "userId" = ${'userId'} AND "kept" <> ${'keep'}`;

/** For a dialect with RETURNING: the columns that a rotation does not know. */
export const RETURNING_REST = ' RETURNING "ticket", "name", "userAgent", "ip", "createdAt", "expiresAt", "purgeAt"';
/** Whether the user has the session. */
export const KNOWN = sql`SELECT "guid" FROM "@sessions" WHERE ${KEY}`;
/** A whole row. */
export const FIND = sql`SELECT ${ROW_COLUMNS} FROM "@sessions" WHERE ${KEY}`;

/**
 * Inserts a session, unless the user or everybody was cut off after its ticket. Two separate conditions, so that the key is
 * used even if the plan was made when there were few users.
 */
export const insert = writtenOnce((shareLock: string) => {
  const later = sql`"ticket" > ${'ticket'}${raw(shareLock)}`;
  return sql`
    INSERT INTO "@sessions" ("guid", "userId", "refTokID", "ticket", "name", "userAgent", "ip", "createdAt",
    "lastActiveAt", "expiresAt", "purgeAt") SELECT ${'guid'}, ${'userId'}, ${'refTokID'}, ${'ticket'}, ${'name'},
    ${'userAgent'}, ${'ip'}, ${'createdAt'}, ${'lastActiveAt'}, ${'expiresAt'}, ${'purgeAt'}
    WHERE NOT EXISTS (SELECT 1 FROM "@session_cutoffs" WHERE "userId" = ${'userId'} AND ${later})
    AND NOT EXISTS (SELECT 1 FROM "@session_cutoffs" WHERE "userId" = '' AND ${later})`;
});
/** The live sessions of a user except one, after skipping the most recently active ones. */
export const listLeastActive = writtenOnce(
  (stay: number, limit: number) => sql`
    SELECT "guid", "lastActiveAt", "createdAt" FROM "@sessions" WHERE "userId" = ${'userId'} AND "guid" <> ${'except'}
    AND ${LIVE} ORDER BY "lastActiveAt" DESC, "createdAt" DESC, "guid" LIMIT ${limit} OFFSET ${stay}`,
);
/** The column by which open sessions are sorted before `createdAt`; see `Dialect.openOrder`. */
export type OpenOrder = '"endedAt", ' | '';
/** An open session beyond so many others, if there is one. Read from the index alone. */
export const beyond = writtenOnce(
  (others: number, first: OpenOrder) => sql`
    SELECT "guid" FROM "@sessions" WHERE "userId" = ${'userId'} AND "endedAt" IS NULL AND "guid" <> ${'except'}
    ORDER BY ${raw(first)}"createdAt", "guid" LIMIT 1 OFFSET ${others}`,
);

const LATER = raw('"@session_cutoffs"."ticket" > "@sessions"."ticket"');
/** The condition that neither the user nor everybody was cut off after the ticket of the row. */
const SPARED = sql`
  NOT EXISTS (SELECT 1 FROM "@session_cutoffs" WHERE "@session_cutoffs"."userId" = ${'userId'} AND ${LATER}) AND
  NOT EXISTS (SELECT 1 FROM "@session_cutoffs" WHERE "@session_cutoffs"."userId" = '' AND ${LATER})`;
/** Swaps the generation. What is unknown about the client stays as it was. */
export const ROTATE = sql`
  UPDATE "@sessions" SET "refTokID" = ${'to'}, "predecessor" = ${'from'}, "rotatedAt" = ${'at'}, "usedAt" = NULL,
  "lastActiveAt" = ${'at'}, "userAgent" = COALESCE(${'userAgent'}, "userAgent"), "ip" = COALESCE(${'ip'}, "ip")
  WHERE ${KEY} AND "refTokID" = ${'from'} AND ${LIVE}`;
/** Swaps the generation in one step, unless a cutoff covers the row. */
export const ROTATE_SPARED = sql`${ROTATE} AND ${SPARED}${raw(RETURNING_REST)}`;
/** A whole row, unless a cutoff covers it. */
export const FIND_SPARED = sql`${FIND} AND ${SPARED}`;
/** Records the first use of the live generation. */
export const MARK_USED = sql`
  UPDATE "@sessions" SET "usedAt" = ${'at'} WHERE ${KEY} AND "refTokID" = ${'refTokID'} AND "usedAt" IS NULL`;
/** Names a session without a stored end. */
export const RENAME = sql`UPDATE "@sessions" SET "name" = ${'name'} WHERE ${KEY} AND "endedAt" IS NULL`;

/** Ends a live session. */
export const END_ONE = sql`${END} WHERE ${KEY} AND ${LIVE}`;
const OVER_BY_IDLENESS = sql`
  "lastActiveAt" <= ${'idleBefore'} AND "lastActiveAt" + ${'idleTimeout'} < "expiresAt"`;
const SETTLED_AT = sql`
  CASE WHEN ${OVER_BY_IDLENESS} THEN "lastActiveAt" + ${'idleTimeout'} ELSE "expiresAt" END`;
/** Stores an end that came by time, so that a clock that is behind cannot undo it. */
const SETTLE = sql`
  UPDATE "@sessions" SET "endReason" = CASE WHEN ${OVER_BY_IDLENESS} THEN 'idle' ELSE 'expired' END,
  "endedAt" = ${SETTLED_AT}, "purgeAt" = ${SETTLED_AT}`;
/** Stores it for one session. */
export const SETTLE_ONE = sql`${SETTLE} WHERE ${KEY} AND "endedAt" IS NULL`;
/** Raises the ticket of the live session to keep above a cutoff. `least` is the smallest ticket that can be kept. */
export const LIFT = sql`
  UPDATE "@sessions" SET "ticket" = ${'ticket'} WHERE ${KEY} AND "ticket" >= ${'least'} AND "ticket" < ${'ticket'}
  AND ${LIVE}`;

/** The next sessions of everybody after the last one seen, in the order of the primary key. */
export const listAfter = writtenOnce(
  (limit: number) =>
    sql`SELECT "guid", "endedAt", "ticket" FROM "@sessions" WHERE "guid" > ${'guid'} ORDER BY "guid" LIMIT ${limit}`,
);
/** The next open sessions of a user after the last one seen, first opened first. */
export const listOpenAfter = writtenOnce(
  (limit: number, first: OpenOrder) => sql`
    SELECT "guid", "endedAt", "ticket", "createdAt", "lastActiveAt" FROM "@sessions" WHERE "userId" = ${'userId'}
    AND "endedAt" IS NULL AND "createdAt" >= ${'createdAt'} AND ("createdAt" > ${'createdAt'} OR "guid" > ${'guid'})
    ORDER BY ${raw(first)}"createdAt", "guid" LIMIT ${limit}`,
);

const AFTER = sql`"createdAt" <= ${'createdAt'} AND ("createdAt" < ${'createdAt'} OR "guid" < ${'guid'})`;
/** The next live sessions of a user after the last one seen, last opened first. */
export const listLive = writtenOnce(
  (limit: number, first: OpenOrder) => sql`
    SELECT ${ROW_COLUMNS} FROM "@sessions" WHERE "userId" = ${'userId'} AND ${LIVE} AND ${AFTER}
    ORDER BY ${raw(first && `${first.slice(0, -2)} DESC, `)}"createdAt" DESC, "guid" DESC LIMIT ${limit}`,
);
const endedAfter = (end: 'endedAt' | 'overAt') => sql`
  "${raw(end)}" <= ${'end'} AND ("${raw(end)}" < ${'end'} OR "createdAt" < ${'createdAt'}
  OR ("createdAt" = ${'createdAt'} AND "guid" < ${'guid'}))
  ORDER BY "${raw(end)}" DESC, "createdAt" DESC, "guid" DESC`;
/** The next sessions of a user with a stored end, after the last one seen, last ended first. */
export const listEnded = writtenOnce(
  (limit: number) => sql`
    SELECT ${ROW_COLUMNS} FROM "@sessions" WHERE "userId" = ${'userId'} AND ${endedAfter('endedAt')} LIMIT ${limit}`,
);
/** Those that ended by time without a stored end, in the same order. */
export const listOver = writtenOnce(
  (limit: number) => sql`
    SELECT * FROM (SELECT ${ROW_COLUMNS}, ${SETTLED_AT} AS "overAt" FROM "@sessions" WHERE "userId" = ${'userId'}
    AND "endedAt" IS NULL AND ("expiresAt" <= ${'at'} OR "lastActiveAt" <= ${'idleBefore'})) AS "over"
    WHERE ${endedAfter('overAt')} LIMIT ${limit}`,
);
/** Of these sessions, ends those that are live and have a smaller ticket. */
export const endBelow = writtenOnce(
  (guids: number) => sql`${END} WHERE "guid" IN (${many('guids', guids)}) AND "ticket" < ${'below'} AND ${LIVE}`,
);
/** Of these sessions with a smaller ticket, stores the ends that came by time. */
export const settleBelow = writtenOnce(
  (guids: number) =>
    sql`${SETTLE} WHERE "guid" IN (${many('guids', guids)}) AND "ticket" < ${'below'} AND "endedAt" IS NULL`,
);

/** Moves "last active" of a session that is live at the time `at` and was not active after `due`. */
export const TOUCH = sql`
  UPDATE "@sessions" SET "lastActiveAt" = ${'activeAt'}, "userAgent" = ${'userAgent'}, "ip" = ${'ip'}
  WHERE ${KEY} AND ${LIVE} AND "lastActiveAt" <= ${'due'}`;

/** A bounded number of sessions of a user. */
export const listSome = writtenOnce(
  (limit: number) => sql`SELECT "guid" FROM "@sessions" WHERE "userId" = ${'userId'} LIMIT ${limit}`,
);
/** Deletes these sessions of the user. */
export const forget = writtenOnce(
  (guids: number) =>
    sql`DELETE FROM "@sessions" WHERE CONCAT("userId", '') = ${'userId'} AND "guid" IN (${many('guids', guids)})`,
);
/** The entries about a session, its user and everybody, each by its subject. */
export const DENIALS = sql`
  SELECT "subject", "ticket", "kept" FROM "@session_denials"
  WHERE "subject" IN (${'session'}, ${'user'}, ${'everybody'})`;
/** Expired entries of the denylist. */
export const listDueDenials = writtenOnce(
  (limit: number) =>
    sql`SELECT "subject" FROM "@session_denials" WHERE "until" < ${'before'} ORDER BY "until" LIMIT ${limit}`,
);
/** Of these entries, deletes those that are still expired. */
export const deleteDenials = writtenOnce(
  (subjects: number) =>
    sql`DELETE FROM "@session_denials" WHERE "subject" IN (${many('subjects', subjects)}) AND "until" < ${'before'}`,
);
/** Sessions that purge has to look at. */
export const listDue = writtenOnce(
  (limit: number, skipLocked: string) => sql`
    SELECT "guid" FROM "@sessions" WHERE "purgeAt" <= ${'deadBefore'}
    ORDER BY "purgeAt" LIMIT ${limit}${raw(skipLocked)}`,
);
/** Of these sessions, deletes the dead ones. */
export const deleteDead = writtenOnce(
  (guids: number) => sql`
    DELETE FROM "@sessions" WHERE "guid" IN (${many('guids', guids)})
    AND ("endedAt" <= ${'deadBefore'} OR "expiresAt" <= ${'deadBefore'} OR "lastActiveAt" <= ${'idleBound'})`,
);
/** Postpones a row that is still alive until its next possible end. */
export const postpone = writtenOnce(
  (guids: number) => sql`
    UPDATE "@sessions" SET "purgeAt" = CASE WHEN "endedAt" IS NULL THEN
    CASE WHEN "lastActiveAt" + ${'idle'} < "expiresAt" THEN "lastActiveAt" + ${'idle'} ELSE "expiresAt" END
    ELSE "endedAt" END WHERE "guid" IN (${many('guids', guids)})`,
);

/** The current edition of copies, how many were retired, and how long ago the last one was. */
export const readEdition = (now: string) =>
  `SELECT "edition", "retired", ${now} - "retiredAt" AS "age" FROM "@session_copies" WHERE "id" = 1`;
/** Only the edition. At boot this also shows whether the table exists and has its row. */
export const CURRENT_EDITION = 'SELECT "edition" FROM "@session_copies" WHERE "id" = 1';
const REPLACE = sql`UPDATE "@session_copies" SET "edition" = ${'to'}`;
/** Opens an edition if there is none: `from` is the empty name. */
export const OPEN_EDITION = sql`${REPLACE} WHERE "id" = 1 AND "edition" = ${'from'}`;
/** Retires the edition `from`, if it is the current one. */
export const retireEdition = writtenOnce(
  (now: string) => sql`
    ${REPLACE}, "retired" = "retired" + 1, "retiredAt" = ${raw(now)} WHERE "id" = 1 AND "edition" = ${'from'}`,
);
