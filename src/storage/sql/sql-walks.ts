import { isNoMoreActive } from '../../sessions/activity.js';
import type { BatchOutcome, Place, Walk } from '../../sessions/session-store.js';
import { toActivity } from './session-row.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow } from './sql-value.js';
import * as sql from './statements.js';

/** How many sessions one statement reads, and one ends. */
const BATCH = 500;
const START: Place = { createdAt: 0, guid: '' };

/**
 * Ends one batch of a walk. It finds the sessions of a user by the index of open sessions, and those of everybody by the
 * primary key. There is no transaction: an end that is stored stays stored, even if a later statement fails.
 */
export async function endBatch(database: SqlDatabase, walk: Walk, after = START): Promise<BatchOutcome> {
  const page = await pageOf(database, walk, after);
  const due = page.filter((row) => isDue(row, walk)).map(({ guid }) => String(guid));
  const ended = due.length === 0 ? 0 : await endThese(database, due, walk);
  const last = page.length === BATCH ? page.at(-1) : undefined;
  return { ended, over: due, next: last && { createdAt: Number(last.createdAt ?? 0), guid: String(last.guid) } };
}

function pageOf(database: SqlDatabase, { userId }: Walk, { createdAt, guid }: Place): Promise<SqlRow[]> {
  if (userId === null) return database.rows(...sql.listAfter(BATCH).with({ guid }));
  const statement = sql.listOpenAfter(BATCH, database.dialect.openOrder);
  return database.rows(...statement.with({ userId, createdAt, guid }));
}

function isDue(row: SqlRow, { mark, upTo }: Walk): boolean {
  return row.endedAt === null && Number(row.ticket) < mark.ticket && (!upTo || isNoMoreActive(toActivity(row), upTo));
}

/** Compares the ticket again, because a cutoff that keeps a session may have raised its ticket meanwhile. */
async function endThese(database: SqlDatabase, guids: readonly string[], walk: Walk): Promise<number> {
  const { reason, at, idleBefore, mark } = walk;
  const below = mark.ticket;
  const ended = await database.run(...sql.endBelow(BATCH).with({ guids, below, reason, at, idleBefore }));
  if (ended < guids.length) {
    const idleTimeout = at - idleBefore;
    await database.run(...sql.settleBelow(BATCH).with({ guids, below, idleBefore, idleTimeout }));
  }
  return ended;
}
