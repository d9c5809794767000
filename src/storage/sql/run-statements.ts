import { many, sql, writtenOnce } from './statement.js';

/** The statements about runs: successive generations of a session that were each given to two clients. */

const RUN = sql`"guid" = ${'guid'} AND "userId" = ${'userId'} AND "evidence" = ${'evidence'}`;

/** Fails if the table does not exist. */
export const PROBE_RUNS = 'SELECT "guid" FROM "@session_runs" WHERE "guid" = \'\'';
/** The run of a session with this evidence. */
export const FIND_RUN = sql`
  SELECT "generation", "length", "clients", "suspectedAt", "suspects" FROM "@session_runs" WHERE ${RUN}`;
/** Begins a run, if the session still exists. */
export const INSERT_RUN = sql`
  INSERT INTO "@session_runs" ("guid", "userId", "evidence", "generation", "length", "clients", "suspectedAt",
  "suspects", "lookAt") SELECT "guid", "userId", ${'evidence'}, ${'generation'}, ${'length'}, ${'clients'},
  ${'suspectedAt'}, ${'suspects'}, ${'lookAt'} FROM "@sessions"
  WHERE "guid" = ${'guid'} AND CONCAT("userId", '') = ${'userId'}`;
/** Continues the run that had reached the generation `former`. */
export const REPLACE_RUN = sql`
  UPDATE "@session_runs" SET "generation" = ${'generation'}, "length" = ${'length'}, "clients" = ${'clients'},
  "suspectedAt" = ${'suspectedAt'}, "suspects" = ${'suspects'}, "lookAt" = ${'lookAt'}
  WHERE ${RUN} AND "generation" = ${'former'}`;
/** The suspicions about the sessions of a user, the latest first. */
export const SUSPICIONS = sql`
  SELECT "guid", "suspectedAt", "suspects" FROM "@session_runs" WHERE "userId" = ${'userId'}
  AND "suspectedAt" IS NOT NULL ORDER BY "suspectedAt" DESC LIMIT 1000`;
/** Deletes all runs of a user. */
export const FORGET_RUNS = sql`DELETE FROM "@session_runs" WHERE "userId" = ${'userId'}`;
/** Runs that `prune` has to look at. */
export const listRunsToLookAt = writtenOnce(
  (limit: number) => sql`SELECT "guid" FROM "@session_runs" WHERE "lookAt" <= ${'at'} ORDER BY "lookAt" LIMIT ${limit}`,
);
/** Deletes the runs of those of these sessions that do not exist any more. */
export const deleteOrphans = writtenOnce(
  (guids: number) => sql`
    DELETE FROM "@session_runs" WHERE "guid" IN (${many('guids', guids)}) AND NOT EXISTS
    (SELECT 1 FROM "@sessions" WHERE "@sessions"."guid" = "@session_runs"."guid")`,
);
/** Sets when the runs of these sessions are looked at again. */
export const lookLater = writtenOnce(
  (guids: number) => sql`UPDATE "@session_runs" SET "lookAt" = ${'lookAt'} WHERE "guid" IN (${many('guids', guids)})`,
);
