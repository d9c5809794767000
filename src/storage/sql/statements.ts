import { many, raw, sql, writtenOnce } from './statement.js';

/** Every statement of the store, in one place. Each names the user or walks an index in bounded steps. */

/** What a verdict reads. */
export const VERDICT_COLUMNS =
  '"refTokID", "predecessor", "rotatedAt", "usedAt", "lastActiveAt", "expiresAt", "endedAt", "endReason"';
const ROW_COLUMNS = sql`
  "guid", "userId", "ticket", "name", "userAgent", "ip", "createdAt", "purgeAt", ${raw(VERDICT_COLUMNS)}`;
/** Not the bare user: a planner would rather walk the index of a user's sessions, of whom some have thousands. */
const KEY = sql`"guid" = ${'guid'} AND CONCAT("userId", '') = ${'userId'}`;
const LIVE = sql`"endedAt" IS NULL AND "expiresAt" > ${'at'} AND "lastActiveAt" > ${'idleBefore'}`;
const END = sql`UPDATE "sessions" SET "endedAt" = ${'at'}, "endReason" = ${'reason'}, "purgeAt" = ${'at'}`;

/** The number of the latest cutoff. */
export const CURRENT_TICKET = 'SELECT "latest" FROM "session_tickets" WHERE "id" = 1';
/**
 * Makes the next cutoff the latest. Its number is at least the milliseconds of the database's clock: after a failover that
 * lost writes, no number comes a second time.
 */
export const advanceTicket = (now: string) =>
  `UPDATE "session_tickets" SET "latest" = CASE WHEN "latest" >= ${now} THEN "latest" + 1 ELSE ${now} END WHERE "id" = 1`;
/** The latest cutoffs of a user and of everybody, whose row has no user id. */
export const cutoffs = writtenOnce(
  (shareLock: string) =>
    sql`SELECT "userId", "ticket", "kept" FROM "session_cutoffs" WHERE "userId" IN (${'userId'}, '')${raw(shareLock)}`,
);
/** Everybody's alone. */
export const EVERYBODY_CUTOFF = `SELECT "ticket", "kept" FROM "session_cutoffs" WHERE "userId" = ''`;
/** Every mark that holds for a session: of its user, of everybody, and of itself. */
export const MARKS = sql`
  SELECT "ticket", "kept" FROM "session_cutoffs" WHERE "userId" IN (${'userId'}, '') UNION ALL
  SELECT ${Number.MAX_SAFE_INTEGER}, NULL FROM "session_denials" WHERE "subject" = ${'subject'}`;
/** A cutoff never moves back. */
export const MOVE_CUTOFF = sql`
  UPDATE "session_cutoffs" SET "ticket" = ${'ticket'}, "validTokenFrom" = ${'at'}, "kept" = ${'kept'}
  WHERE "userId" = ${'userId'} AND "ticket" < ${'ticket'}`;
/** For a cutoff that another overtook, and that ends what the other kept. */
export const KEEP_NO_OTHER = sql`
  UPDATE "session_cutoffs" SET "kept" = NULL WHERE "userId" = ${'userId'} AND "kept" <> ${'keep'}`;

/** For a dialect that can give back what it wrote: what a rotation does not know of its row. */
export const RETURNING_REST = ' RETURNING "ticket", "name", "userAgent", "ip", "createdAt", "expiresAt", "purgeAt"';
/** Whether the user has the session. */
export const KNOWN = sql`SELECT "guid" FROM "sessions" WHERE ${KEY}`;
/** A whole row. */
export const FIND = sql`SELECT ${ROW_COLUMNS} FROM "sessions" WHERE ${KEY}`;

/**
 * Unless the user or everybody was cut off after the ticket; asked one by one, so that the key is walked also where the
 * plan was made when there were few users.
 */
export const insert = writtenOnce((shareLock: string) => {
  const later = sql`"ticket" > ${'ticket'}${raw(shareLock)}`;
  return sql`
    INSERT INTO "sessions" ("guid", "userId", "refTokID", "ticket", "name", "userAgent", "ip", "createdAt",
    "lastActiveAt", "expiresAt", "purgeAt") SELECT ${'guid'}, ${'userId'}, ${'refTokID'}, ${'ticket'}, ${'name'},
    ${'userAgent'}, ${'ip'}, ${'createdAt'}, ${'lastActiveAt'}, ${'expiresAt'}, ${'purgeAt'}
    WHERE NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE "userId" = ${'userId'} AND ${later})
    AND NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE "userId" = '' AND ${later})`;
});
/** The live sessions of a user but one, past the most recently active. */
export const listLeastActive = writtenOnce(
  (stay: number, limit: number) => sql`
    SELECT "guid", "lastActiveAt", "createdAt" FROM "sessions" WHERE "userId" = ${'userId'} AND "guid" <> ${'except'}
    AND ${LIVE} ORDER BY "lastActiveAt" DESC, "createdAt" DESC, "guid" LIMIT ${limit} OFFSET ${stay}`,
);
/** What open sessions are ordered by before `createdAt`; see `Dialect.openOrder`. */
export type OpenOrder = '"endedAt", ' | '';
/** A session that nobody ended beyond so many others, if there is one: read from the index alone. */
export const beyond = writtenOnce(
  (others: number, first: OpenOrder) => sql`
    SELECT "guid" FROM "sessions" WHERE "userId" = ${'userId'} AND "endedAt" IS NULL AND "guid" <> ${'except'}
    ORDER BY ${raw(first)}"createdAt", "guid" LIMIT 1 OFFSET ${others}`,
);

const LATER = raw('"session_cutoffs"."ticket" > "sessions"."ticket"');
/** That neither the user nor everybody was cut off after the ticket of the row. */
const SPARED = sql`
  NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE "session_cutoffs"."userId" = ${'userId'} AND ${LATER}) AND
  NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE "session_cutoffs"."userId" = '' AND ${LATER})`;
/** What is not told of the client stays as it was. */
export const ROTATE = sql`
  UPDATE "sessions" SET "refTokID" = ${'to'}, "predecessor" = ${'from'}, "rotatedAt" = ${'at'}, "usedAt" = NULL,
  "lastActiveAt" = ${'at'}, "userAgent" = COALESCE(${'userAgent'}, "userAgent"), "ip" = COALESCE(${'ip'}, "ip")
  WHERE ${KEY} AND "refTokID" = ${'from'} AND ${LIVE}`;
/** The same in one step, unless a cutoff covers the row. */
export const ROTATE_SPARED = sql`${ROTATE} AND ${SPARED}${raw(RETURNING_REST)}`;
/** A whole row, unless a cutoff covers it. */
export const FIND_SPARED = sql`${FIND} AND ${SPARED}`;
/** The first use of the live generation. */
export const MARK_USED = sql`
  UPDATE "sessions" SET "usedAt" = ${'at'} WHERE ${KEY} AND "refTokID" = ${'refTokID'} AND "usedAt" IS NULL`;
/** Of a session that nobody ended. */
export const RENAME = sql`UPDATE "sessions" SET "name" = ${'name'} WHERE ${KEY} AND "endedAt" IS NULL`;

/** Ends a live session. */
export const END_ONE = sql`${END} WHERE ${KEY} AND ${LIVE}`;
const OVER_BY_IDLENESS = sql`
  "lastActiveAt" <= ${'idleBefore'} AND "lastActiveAt" + ${'idleTimeout'} < "expiresAt"`;
const SETTLED_AT = sql`
  CASE WHEN ${OVER_BY_IDLENESS} THEN "lastActiveAt" + ${'idleTimeout'} ELSE "expiresAt" END`;
/** Writes down an end that came by time, so that no clock that runs behind can take it back. */
const SETTLE = sql`
  UPDATE "sessions" SET "endReason" = CASE WHEN ${OVER_BY_IDLENESS} THEN 'idle' ELSE 'expired' END,
  "endedAt" = ${SETTLED_AT}, "purgeAt" = ${SETTLED_AT}`;
/** Of one session. */
export const SETTLE_ONE = sql`${SETTLE} WHERE ${KEY} AND "endedAt" IS NULL`;
/** Lifts the live session that outlives a cutoff above it; `least` is the least ticket that is kept. */
export const LIFT = sql`
  UPDATE "sessions" SET "ticket" = ${'ticket'} WHERE ${KEY} AND "ticket" >= ${'least'} AND "ticket" < ${'ticket'}
  AND ${LIVE}`;

/** The next sessions of everybody, in the order of the key, after the last one seen. */
export const listAfter = writtenOnce(
  (limit: number) =>
    sql`SELECT "guid", "endedAt", "ticket" FROM "sessions" WHERE "guid" > ${'guid'} ORDER BY "guid" LIMIT ${limit}`,
);
/** The next sessions of a user that nobody ended, opened first first, after the last one seen. */
export const listOpenAfter = writtenOnce(
  (limit: number, first: OpenOrder) => sql`
    SELECT "guid", "endedAt", "ticket", "createdAt", "lastActiveAt" FROM "sessions" WHERE "userId" = ${'userId'}
    AND "endedAt" IS NULL AND "createdAt" >= ${'createdAt'} AND ("createdAt" > ${'createdAt'} OR "guid" > ${'guid'})
    ORDER BY ${raw(first)}"createdAt", "guid" LIMIT ${limit}`,
);

const AFTER = sql`"createdAt" <= ${'createdAt'} AND ("createdAt" < ${'createdAt'} OR "guid" < ${'guid'})`;
/** Live sessions of a user, opened last first, after the last one seen. */
export const listLive = writtenOnce(
  (limit: number, first: OpenOrder) => sql`
    SELECT ${ROW_COLUMNS} FROM "sessions" WHERE "userId" = ${'userId'} AND ${LIVE} AND ${AFTER}
    ORDER BY ${raw(first && `${first.slice(0, -2)} DESC, `)}"createdAt" DESC, "guid" DESC LIMIT ${limit}`,
);
const endedAfter = (end: 'endedAt' | 'overAt') => sql`
  "${raw(end)}" <= ${'end'} AND ("${raw(end)}" < ${'end'} OR "createdAt" < ${'createdAt'}
  OR ("createdAt" = ${'createdAt'} AND "guid" < ${'guid'}))
  ORDER BY "${raw(end)}" DESC, "createdAt" DESC, "guid" DESC`;
/** Sessions of a user that somebody ended, last ended first, after the last one seen. */
export const listEnded = writtenOnce(
  (limit: number) => sql`
    SELECT ${ROW_COLUMNS} FROM "sessions" WHERE "userId" = ${'userId'} AND ${endedAfter('endedAt')} LIMIT ${limit}`,
);
/** Those that time ended, with nobody to write it down, in the same order. */
export const listOver = writtenOnce(
  (limit: number) => sql`
    SELECT * FROM (SELECT ${ROW_COLUMNS}, ${SETTLED_AT} AS "overAt" FROM "sessions" WHERE "userId" = ${'userId'}
    AND "endedAt" IS NULL AND ("expiresAt" <= ${'at'} OR "lastActiveAt" <= ${'idleBefore'})) AS "over"
    WHERE ${endedAfter('overAt')} LIMIT ${limit}`,
);
/** Ends those of these sessions that are live and have a smaller ticket. */
export const endBelow = writtenOnce(
  (guids: number) => sql`${END} WHERE "guid" IN (${many('guids', guids)}) AND "ticket" < ${'below'} AND ${LIVE}`,
);
/** Settles those of these sessions that have a smaller ticket. */
export const settleBelow = writtenOnce(
  (guids: number) =>
    sql`${SETTLE} WHERE "guid" IN (${many('guids', guids)}) AND "ticket" < ${'below'} AND "endedAt" IS NULL`,
);

/** Where the session is live, `at` now, and was not active after `due`. */
export const TOUCH = sql`
  UPDATE "sessions" SET "lastActiveAt" = ${'activeAt'}, "userAgent" = ${'userAgent'}, "ip" = ${'ip'}
  WHERE ${KEY} AND ${LIVE} AND "lastActiveAt" <= ${'due'}`;

/** Some sessions of a user. */
export const listSome = writtenOnce(
  (limit: number) => sql`SELECT "guid" FROM "sessions" WHERE "userId" = ${'userId'} LIMIT ${limit}`,
);
/** Deletes these sessions of the user. */
export const forget = writtenOnce(
  (guids: number) =>
    sql`DELETE FROM "sessions" WHERE CONCAT("userId", '') = ${'userId'} AND "guid" IN (${many('guids', guids)})`,
);
/** What is denied of a session, its user and everybody, each by its subject. */
export const DENIALS = sql`
  SELECT "subject", "ticket", "kept" FROM "session_denials"
  WHERE "subject" IN (${'session'}, ${'user'}, ${'everybody'})`;
/** Entries of the denylist that are over. */
export const listDueDenials = writtenOnce(
  (limit: number) =>
    sql`SELECT "subject" FROM "session_denials" WHERE "until" < ${'before'} ORDER BY "until" LIMIT ${limit}`,
);
/** Deletes those of these entries that are still over. */
export const deleteDenials = writtenOnce(
  (subjects: number) =>
    sql`DELETE FROM "session_denials" WHERE "subject" IN (${many('subjects', subjects)}) AND "until" < ${'before'}`,
);
/** Sessions that purge has to look at. */
export const listDue = writtenOnce(
  (limit: number, skipLocked: string) => sql`
    SELECT "guid" FROM "sessions" WHERE "purgeAt" <= ${'deadBefore'}
    ORDER BY "purgeAt" LIMIT ${limit}${raw(skipLocked)}`,
);
/** Deletes those of these sessions that are dead. */
export const deleteDead = writtenOnce(
  (guids: number) => sql`
    DELETE FROM "sessions" WHERE "guid" IN (${many('guids', guids)})
    AND ("endedAt" <= ${'deadBefore'} OR "expiresAt" <= ${'deadBefore'} OR "lastActiveAt" <= ${'idleBound'})`,
);
/** A row that proved alive is looked at again at its next possible end. */
export const postpone = writtenOnce(
  (guids: number) => sql`
    UPDATE "sessions" SET "purgeAt" = CASE WHEN "endedAt" IS NULL THEN
    CASE WHEN "lastActiveAt" + ${'idle'} < "expiresAt" THEN "lastActiveAt" + ${'idle'} ELSE "expiresAt" END
    ELSE "endedAt" END WHERE "guid" IN (${many('guids', guids)})`,
);

/** The edition of copies that counts, how many were retired, and for how long the last of them has been. */
export const readEdition = (now: string) =>
  `SELECT "edition", "retired", ${now} - "retiredAt" AS "age" FROM "session_copies" WHERE "id" = 1`;
/** The edition alone; of the table that was made last. */
export const CURRENT_EDITION = 'SELECT "edition" FROM "session_copies" WHERE "id" = 1';
const REPLACE = sql`UPDATE "session_copies" SET "edition" = ${'to'}`;
/** Where there is none: `from` is the empty one. */
export const OPEN_EDITION = sql`${REPLACE} WHERE "id" = 1 AND "edition" = ${'from'}`;
/** Where `from` is the one that counts. */
export const retireEdition = writtenOnce(
  (now: string) => sql`
    ${REPLACE}, "retired" = "retired" + 1, "retiredAt" = ${raw(now)} WHERE "id" = 1 AND "edition" = ${'from'}`,
);
