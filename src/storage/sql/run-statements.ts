import { many, sql, writtenOnce } from './statement.js';

/** The statements about runs: generations of a session that two clients were given each. */

const RUN = sql`"guid" = ${'guid'} AND "userId" = ${'userId'} AND "evidence" = ${'evidence'}`;

/** Whether the table is there. */
export const PROBE_RUNS = 'SELECT "guid" FROM "session_runs" WHERE "guid" = \'\'';
/** The run of one evidence. */
export const FIND_RUN = sql`
  SELECT "generation", "length", "clients", "suspectedAt", "suspects" FROM "session_runs" WHERE ${RUN}`;
/** The first run of a session that is still there. */
export const INSERT_RUN = sql`
  INSERT INTO "session_runs" ("guid", "userId", "evidence", "generation", "length", "clients", "suspectedAt",
  "suspects", "lookAt") SELECT "guid", "userId", ${'evidence'}, ${'generation'}, ${'length'}, ${'clients'},
  ${'suspectedAt'}, ${'suspects'}, ${'lookAt'} FROM "sessions"
  WHERE "guid" = ${'guid'} AND CONCAT("userId", '') = ${'userId'}`;
/** Takes the place of the run that got to the generation `former`. */
export const REPLACE_RUN = sql`
  UPDATE "session_runs" SET "generation" = ${'generation'}, "length" = ${'length'}, "clients" = ${'clients'},
  "suspectedAt" = ${'suspectedAt'}, "suspects" = ${'suspects'}, "lookAt" = ${'lookAt'}
  WHERE ${RUN} AND "generation" = ${'former'}`;
/** The latest come first. */
export const SUSPICIONS = sql`
  SELECT "guid", "suspectedAt", "suspects" FROM "session_runs" WHERE "userId" = ${'userId'}
  AND "suspectedAt" IS NOT NULL ORDER BY "suspectedAt" DESC LIMIT 1000`;
/** All of a user. */
export const FORGET_RUNS = sql`DELETE FROM "session_runs" WHERE "userId" = ${'userId'}`;
/** Runs that `prune` has to look at. */
export const listRunsToLookAt = writtenOnce(
  (limit: number) => sql`SELECT "guid" FROM "session_runs" WHERE "lookAt" <= ${'at'} ORDER BY "lookAt" LIMIT ${limit}`,
);
/** Of these sessions, those that are gone. */
export const deleteOrphans = writtenOnce(
  (guids: number) => sql`
    DELETE FROM "session_runs" WHERE "guid" IN (${many('guids', guids)}) AND NOT EXISTS
    (SELECT 1 FROM "sessions" WHERE "sessions"."guid" = "session_runs"."guid")`,
);
/** Of these sessions, all are looked at again then. */
export const lookLater = writtenOnce(
  (guids: number) => sql`UPDATE "session_runs" SET "lookAt" = ${'lookAt'} WHERE "guid" IN (${many('guids', guids)})`,
);
