import type { Ending, EndOutcome, SessionKey } from '../../sessions/session-store.js';
import type { SqlExecutor } from './sql-database.js';
import { END_ONE, KNOWN, SETTLE_ONE } from './statements.js';

/** Ends one session if it is live. If it ended by time, stores that end. */
export async function endOne(executor: SqlExecutor, { guid, userId }: SessionKey, ending: Ending): Promise<boolean> {
  const { reason, at, idleBefore } = ending;
  if ((await executor.run(...END_ONE.with({ guid, userId, reason, at, idleBefore }))) === 1) return true;
  await executor.run(...SETTLE_ONE.with({ guid, userId, idleBefore, idleTimeout: at - idleBefore }));
  return false;
}

/** Like `endOne`, and if the session was not live, also finds out whether the user has it. */
export async function endKnown(executor: SqlExecutor, key: SessionKey, ending: Ending): Promise<EndOutcome> {
  if (await endOne(executor, key, ending)) return 'ended';
  return (await executor.rows(...KNOWN.with(key))).length === 1 ? 'over' : 'unknown';
}
