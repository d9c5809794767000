/** The statements about runs: generations of a session that two clients were given each. */

/** Takes: guid, userId, evidence. */
const RUN = '"guid" = ? AND "userId" = ? AND "evidence" = ?';

/** Whether the table is there. */
export const PROBE_RUNS = 'SELECT "guid" FROM "session_runs" WHERE "guid" = \'\'';
/** Takes: RUN. */
export const FIND_RUN = `SELECT "generation", "length", "clients", "suspectedAt", "suspects" FROM "session_runs" WHERE ${RUN}`;
/** The first run of a session that is still there. Takes: the columns but guid and userId, then the key. */
export const INSERT_RUN =
  'INSERT INTO "session_runs" ("guid", "userId", "evidence", "generation", "length", "clients", "suspectedAt", ' +
  '"suspects", "lookAt") SELECT "guid", "userId", ?, ?, ?, ?, ?, ?, ? FROM "sessions" ' +
  `WHERE "guid" = ? AND CONCAT("userId", '') = ?`;
/** Takes: the columns from generation on, RUN, the generation it takes the place of. */
export const REPLACE_RUN =
  'UPDATE "session_runs" SET "generation" = ?, "length" = ?, "clients" = ?, "suspectedAt" = ?, "suspects" = ?, ' +
  `"lookAt" = ? WHERE ${RUN} AND "generation" = ?`;
/** The latest come first. Takes: userId. */
export const SUSPICIONS =
  'SELECT "guid", "suspectedAt", "suspects" FROM "session_runs" WHERE "userId" = ? AND "suspectedAt" IS NOT NULL ' +
  'ORDER BY "suspectedAt" DESC LIMIT 1000';
/** Takes: userId. */
export const FORGET_RUNS = 'DELETE FROM "session_runs" WHERE "userId" = ?';
/** Takes: now. */
export const listRunsToLookAt = (limit: number) =>
  `SELECT "guid" FROM "session_runs" WHERE "lookAt" <= ? ORDER BY "lookAt" LIMIT ${limit}`;
/** Of these sessions, those that are gone. Takes: that many guids. */
export const deleteOrphans = (guids: number) =>
  `DELETE FROM "session_runs" WHERE "guid" IN (${marks(guids)}) AND NOT EXISTS ` +
  '(SELECT 1 FROM "sessions" WHERE "sessions"."guid" = "session_runs"."guid")';
/** Takes: when to look again, that many guids. */
export const lookLater = (guids: number) => `UPDATE "session_runs" SET "lookAt" = ? WHERE "guid" IN (${marks(guids)})`;

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
