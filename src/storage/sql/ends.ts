import type { Ending, SessionKey } from '../../sessions/session-store.js';
import type { SqlExecutor } from './sql-database.js';
import { END_ONE, SETTLE_ONE } from './statements.js';

/** Ends one session where it is live, and writes down an end that came by time. */
export async function endOne(executor: SqlExecutor, { guid, userId }: SessionKey, ending: Ending): Promise<boolean> {
  const { reason, at, idleBefore } = ending;
  if ((await executor.run(...END_ONE.with({ guid, userId, reason, at, idleBefore }))) === 1) return true;
  await executor.run(...SETTLE_ONE.with({ guid, userId, idleBefore, idleTimeout: at - idleBefore }));
  return false;
}
