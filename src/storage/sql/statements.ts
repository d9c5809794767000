/** Every statement of the store, in one place. Each names the user or walks an index in bounded steps. */

/** What a verdict reads. */
export const VERDICT_COLUMNS =
  '"refTokID", "predecessor", "rotatedAt", "usedAt", "lastActiveAt", "expiresAt", "endedAt", "endReason"';
const ROW_COLUMNS = `"guid", "userId", "ticket", "name", "userAgent", "ip", "createdAt", "purgeAt", ${VERDICT_COLUMNS}`;
/** Not the bare user: a planner would rather walk the index of a user's sessions, of whom some have thousands. */
const KEY = `"guid" = ? AND CONCAT("userId", '') = ?`;
/** Takes: now, idleBefore. */
const LIVE = '"endedAt" IS NULL AND "expiresAt" > ? AND "lastActiveAt" > ?';
/** Takes: endedAt, endReason, purgeAt. */
const END = 'UPDATE "sessions" SET "endedAt" = ?, "endReason" = ?, "purgeAt" = ?';

/** The number of the latest cutoff. */
export const CURRENT_TICKET = 'SELECT "latest" FROM "session_tickets" WHERE "id" = 1';
/**
 * Makes the next cutoff the latest. Its number is at least the milliseconds of the database's clock: after a failover that
 * lost writes, no number comes a second time.
 */
export const advanceTicket = (now: string) =>
  `UPDATE "session_tickets" SET "latest" = CASE WHEN "latest" >= ${now} THEN "latest" + 1 ELSE ${now} END WHERE "id" = 1`;
/** The latest cutoffs of a user and of everybody, whose row has no user id. Takes: userId. */
export const CUTOFFS = `SELECT "userId", "ticket", "kept" FROM "session_cutoffs" WHERE "userId" IN (?, '')`;
/** Everybody's alone. */
export const EVERYBODY_CUTOFF = `SELECT "ticket", "kept" FROM "session_cutoffs" WHERE "userId" = ''`;
/** Every mark that holds for a session: of its user, of everybody, and of itself. Takes: userId, its subject. */
export const MARKS =
  `SELECT "ticket", "kept" FROM "session_cutoffs" WHERE "userId" IN (?, '') UNION ALL ` +
  `SELECT ${Number.MAX_SAFE_INTEGER}, NULL FROM "session_denials" WHERE "subject" = ?`;
/** Takes: ticket, validTokenFrom, kept, userId, ticket. A cutoff never moves back. */
export const MOVE_CUTOFF =
  'UPDATE "session_cutoffs" SET "ticket" = ?, "validTokenFrom" = ?, "kept" = ? WHERE "userId" = ? AND "ticket" < ?';
/** For a cutoff that another overtook, and that ends what the other kept. Takes: userId, guid to keep. */
export const KEEP_NO_OTHER = 'UPDATE "session_cutoffs" SET "kept" = NULL WHERE "userId" = ? AND "kept" <> ?';

/** For a dialect that can give back what it wrote: what a rotation does not know of its row. */
export const RETURNING_REST = ' RETURNING "ticket", "name", "userAgent", "ip", "createdAt", "expiresAt", "purgeAt"';
/** Whether the user has the session. Takes: key. */
export const KNOWN = `SELECT "guid" FROM "sessions" WHERE ${KEY}`;
/** A whole row. Takes: key. */
export const FIND = `SELECT ${ROW_COLUMNS} FROM "sessions" WHERE ${KEY}`;

/**
 * Unless the user or everybody was cut off after the ticket; asked one by one, so that the key is walked also where the
 * plan was made when there were few users. Takes: the columns in their order, userId, ticket, ticket.
 */
export const insert = (shareLock: string) => {
  const spared = (userId: string) =>
    `NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE "userId" = ${userId} AND "ticket" > ?${shareLock})`;
  return (
    'INSERT INTO "sessions" ("guid", "userId", "refTokID", "ticket", "name", "userAgent", "ip", "createdAt", ' +
    '"lastActiveAt", "expiresAt", "purgeAt") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? ' +
    `WHERE ${spared('?')} AND ${spared("''")}`
  );
};
/** The live sessions of a user but one, past the most recently active. Takes: userId, guid left out, LIVE. */
export const listLeastActive = (stay: number, limit: number) =>
  `SELECT "guid", "lastActiveAt", "createdAt" FROM "sessions" WHERE "userId" = ? AND "guid" <> ? AND ${LIVE} ` +
  `ORDER BY "lastActiveAt" DESC, "createdAt" DESC, "guid" LIMIT ${limit} OFFSET ${stay}`;
/** What open sessions are ordered by before `createdAt`; see `Dialect.openOrder`. */
export type OpenOrder = '"endedAt", ' | '';
/** A session that nobody ended beyond so many others, if there is one: read from the index alone. Takes: userId, guid left out. */
export const beyond = (others: number, first: OpenOrder) =>
  'SELECT "guid" FROM "sessions" WHERE "userId" = ? AND "endedAt" IS NULL AND "guid" <> ? ' +
  `ORDER BY ${first}"createdAt", "guid" LIMIT 1 OFFSET ${others}`;

/** That neither the user nor everybody was cut off after the ticket of the row. Takes: userId. */
const SPARED = ['?', "''"]
  .map((userId) => {
    const later = `"session_cutoffs"."userId" = ${userId} AND "session_cutoffs"."ticket" > "sessions"."ticket"`;
    return `NOT EXISTS (SELECT 1 FROM "session_cutoffs" WHERE ${later})`;
  })
  .join(' AND ');
/** What is not told of the client stays as it was. Takes: to, from, at, at, userAgent, ip, key, from, LIVE. */
export const ROTATE =
  'UPDATE "sessions" SET "refTokID" = ?, "predecessor" = ?, "rotatedAt" = ?, "usedAt" = NULL, "lastActiveAt" = ?, ' +
  `"userAgent" = COALESCE(?, "userAgent"), "ip" = COALESCE(?, "ip") WHERE ${KEY} AND "refTokID" = ? AND ${LIVE}`;
/** The same in one step, unless a cutoff covers the row. Takes: ROTATE, userId. */
export const ROTATE_SPARED = `${ROTATE} AND ${SPARED}${RETURNING_REST}`;
/** A whole row, unless a cutoff covers it. Takes: key, userId. */
export const FIND_SPARED = `${FIND} AND ${SPARED}`;
/** Takes: at, key, refTokID. */
export const MARK_USED = `UPDATE "sessions" SET "usedAt" = ? WHERE ${KEY} AND "refTokID" = ? AND "usedAt" IS NULL`;
/** Takes: name, key. */
export const RENAME = `UPDATE "sessions" SET "name" = ? WHERE ${KEY} AND "endedAt" IS NULL`;

/** Takes: END, key, LIVE. */
export const END_ONE = `${END} WHERE ${KEY} AND ${LIVE}`;
/** Takes: idleBefore, the idle limit. */
const OVER_BY_IDLENESS = '"lastActiveAt" <= ? AND "lastActiveAt" + ? < "expiresAt"';
const SETTLED_AT = `CASE WHEN ${OVER_BY_IDLENESS} THEN "lastActiveAt" + ? ELSE "expiresAt" END`;
/** Writes down an end that came by time, so that no clock that runs behind can take it back. */
const SETTLE =
  `UPDATE "sessions" SET "endReason" = CASE WHEN ${OVER_BY_IDLENESS} THEN 'idle' ELSE 'expired' END, ` +
  `"endedAt" = ${SETTLED_AT}, "purgeAt" = ${SETTLED_AT}`;
/** Takes: SETTLE, key. */
export const SETTLE_ONE = `${SETTLE} WHERE ${KEY} AND "endedAt" IS NULL`;
/** Lifts the live session that outlives a cutoff above it. Takes: ticket, key, the least ticket that is kept, ticket, LIVE. */
export const LIFT = `UPDATE "sessions" SET "ticket" = ? WHERE ${KEY} AND "ticket" >= ? AND "ticket" < ? AND ${LIVE}`;

/** The next sessions of everybody, in the order of the key. Takes: the last guid seen. */
export const listAfter = (limit: number) =>
  `SELECT "guid", "endedAt", "ticket" FROM "sessions" WHERE "guid" > ? ORDER BY "guid" LIMIT ${limit}`;
/** The next sessions of a user that nobody ended, opened first first. Takes: userId, createdAt, createdAt and guid of the last one seen. */
export const listOpenAfter = (limit: number, first: OpenOrder) =>
  'SELECT "guid", "endedAt", "ticket", "createdAt", "lastActiveAt" FROM "sessions" WHERE "userId" = ? ' +
  'AND "endedAt" IS NULL AND "createdAt" >= ? AND ("createdAt" > ? OR "guid" > ?) ' +
  `ORDER BY ${first}"createdAt", "guid" LIMIT ${limit}`;

const AFTER = '"createdAt" <= ? AND ("createdAt" < ? OR "guid" < ?)';
/** Live sessions of a user, opened last first. Takes: userId, LIVE, createdAt, createdAt and guid of the last one seen. */
export const listLive = (limit: number, first: OpenOrder) =>
  `SELECT ${ROW_COLUMNS} FROM "sessions" WHERE "userId" = ? AND ${LIVE} AND ${AFTER} ` +
  `ORDER BY ${first && `${first.slice(0, -2)} DESC, `}"createdAt" DESC, "guid" DESC LIMIT ${limit}`;
const endedAfter = (end: string) =>
  `"${end}" <= ? AND ("${end}" < ? OR "createdAt" < ? OR ("createdAt" = ? AND "guid" < ?)) ` +
  `ORDER BY "${end}" DESC, "createdAt" DESC, "guid" DESC`;
/** Sessions of a user that somebody ended, last ended first. Takes: userId, end, end, createdAt, createdAt and guid of the last one seen. */
export const listEnded = (limit: number) =>
  `SELECT ${ROW_COLUMNS} FROM "sessions" WHERE "userId" = ? AND ${endedAfter('endedAt')} LIMIT ${limit}`;
/** Those that time ended, with nobody to write it down. Takes: idleBefore, the idle limit twice, userId, now, idleBefore, and as `listEnded`. */
export const listOver = (limit: number) =>
  `SELECT * FROM (SELECT ${ROW_COLUMNS}, ${SETTLED_AT} AS "overAt" FROM "sessions" WHERE "userId" = ? ` +
  'AND "endedAt" IS NULL AND ("expiresAt" <= ? OR "lastActiveAt" <= ?)) AS "over" ' +
  `WHERE ${endedAfter('overAt')} LIMIT ${limit}`;
/** Takes: END, that many guids, ticket, LIVE. */
export const endBelow = (guids: number) => `${END} WHERE "guid" IN (${marks(guids)}) AND "ticket" < ? AND ${LIVE}`;
/** Takes: SETTLE, that many guids, ticket. */
export const settleBelow = (guids: number) =>
  `${SETTLE} WHERE "guid" IN (${marks(guids)}) AND "ticket" < ? AND "endedAt" IS NULL`;

/** Takes: at, userAgent, ip, key, LIVE, the latest "last active" that is due. */
export const TOUCH = `UPDATE "sessions" SET "lastActiveAt" = ?, "userAgent" = ?, "ip" = ? WHERE ${KEY} AND ${LIVE} AND "lastActiveAt" <= ?`;

/** Some sessions of a user. Takes: userId. */
export const listSome = (limit: number) => `SELECT "guid" FROM "sessions" WHERE "userId" = ? LIMIT ${limit}`;
/** Takes: userId, that many guids. */
export const forget = (guids: number) =>
  `DELETE FROM "sessions" WHERE CONCAT("userId", '') = ? AND "guid" IN (${marks(guids)})`;
/** What is denied of a session, its user and everybody. Takes: the three subjects. */
export const DENIALS = 'SELECT "subject", "ticket", "kept" FROM "session_denials" WHERE "subject" IN (?, ?, ?)';
/** Takes: before. */
export const listDueDenials = (limit: number) =>
  `SELECT "subject" FROM "session_denials" WHERE "until" < ? ORDER BY "until" LIMIT ${limit}`;
/** Takes: that many subjects, before. */
export const deleteDenials = (subjects: number) =>
  `DELETE FROM "session_denials" WHERE "subject" IN (${marks(subjects)}) AND "until" < ?`;
/** Takes: deadBefore. */
export const listDue = (limit: number, skipLocked: string) =>
  `SELECT "guid" FROM "sessions" WHERE "purgeAt" <= ? ORDER BY "purgeAt" LIMIT ${limit}${skipLocked}`;
const dead = '("endedAt" <= ? OR "expiresAt" <= ? OR "lastActiveAt" <= ?)';
/** Takes: that many guids, then deadBefore, deadBefore, the idle bound. */
export const deleteDead = (guids: number) => `DELETE FROM "sessions" WHERE "guid" IN (${marks(guids)}) AND ${dead}`;
/** A row that proved alive is looked at again at its next possible end. Takes: idleTimeout, idleTimeout, the guids. */
export const postpone = (guids: number) =>
  'UPDATE "sessions" SET "purgeAt" = CASE WHEN "endedAt" IS NULL THEN ' +
  'CASE WHEN "lastActiveAt" + ? < "expiresAt" THEN "lastActiveAt" + ? ELSE "expiresAt" END ELSE "endedAt" END ' +
  `WHERE "guid" IN (${marks(guids)})`;

/** The edition of copies that counts, how many were retired, and for how long the last of them has been. */
export const readEdition = (now: string) =>
  `SELECT "edition", "retired", ${now} - "retiredAt" AS "age" FROM "session_copies" WHERE "id" = 1`;
/** The edition alone; of the table that was made last. */
export const CURRENT_EDITION = 'SELECT "edition" FROM "session_copies" WHERE "id" = 1';
const REPLACE = 'UPDATE "session_copies" SET "edition" = ?';
/** Where there is none. Takes: the edition that comes, the empty one. */
export const OPEN_EDITION = `${REPLACE} WHERE "id" = 1 AND "edition" = ?`;
/** Takes: the edition that comes, the edition it takes the place of. */
export const retireEdition = (now: string) =>
  `${REPLACE}, "retired" = "retired" + 1, "retiredAt" = ${now} WHERE "id" = 1 AND "edition" = ?`;

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
