import type { Ending, SessionKey } from '../../sessions/session-store.js';
import type { SqlExecutor } from './sql-database.js';
import type { SqlValue } from './sql-value.js';
import { END_ONE, SETTLE_ONE } from './statements.js';

/** Ends one session where it is live, and writes down an end that came by time. */
export async function endOne(executor: SqlExecutor, key: SessionKey, ending: Ending): Promise<boolean> {
  const { guid, userId } = key;
  const { reason, at, idleBefore } = ending;
  if ((await executor.run(END_ONE, [at, reason, at, guid, userId, at, idleBefore])) === 1) return true;
  await executor.run(SETTLE_ONE, [...settleValues(ending), guid, userId]);
  return false;
}

/** The values of SETTLE. */
export function settleValues({ at, idleBefore }: Pick<Ending, 'at' | 'idleBefore'>): SqlValue[] {
  const bounds = [idleBefore, at - idleBefore];
  return [...bounds, ...bounds, at - idleBefore, ...bounds, at - idleBefore];
}
