import type { Session } from '../../sessions/session.js';
import type { ListPage } from '../../sessions/session-store.js';
import { toSession } from './session-row.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow } from './sql-value.js';
import * as sql from './statements.js';

/** How many rows a query asks for. Only two sizes, so that there are not a thousand prepared statements. */
const SIZES = [102, 1_002];
/** A place before the first session of every list. */
const FIRST: NonNullable<ListPage['after']> = { createdAt: Number.MAX_SAFE_INTEGER, guid: '~' };

/** A page of the live sessions of a user. */
export async function listLive(database: SqlDatabase, userId: string, page: ListPage): Promise<Session[]> {
  const { at, idleBefore, limit } = page;
  const { createdAt, guid } = page.after ?? FIRST;
  const statement = sql.listLive(sizeFor(page), database.dialect.openOrder);
  const rows = await database.rows(...statement.with({ userId, at, idleBefore, createdAt, guid }));
  return rows.slice(0, limit).map(toSession);
}

/** A page of the ended sessions of a user: those with a stored end, and those that ended by time. */
export async function listEnded(database: SqlDatabase, userId: string, page: ListPage): Promise<Session[]> {
  const { at, idleBefore, limit } = page;
  const { endedAt: end = Number.MAX_SAFE_INTEGER, createdAt, guid } = page.after ?? FIRST;
  const place = { userId, end, createdAt, guid };
  const size = sizeFor(page);
  const [ended, over] = await Promise.all([
    database.rows(...sql.listEnded(size).with(place)),
    database.rows(...sql.listOver(size).with({ ...place, at, idleBefore, idleTimeout: at - idleBefore })),
  ]);
  return [...ended, ...over].sort(byEnd).slice(0, limit).map(toSession);
}

function byEnd(one: SqlRow, other: SqlRow): number {
  const end = ({ endedAt, overAt }: SqlRow) => Number(endedAt ?? overAt);
  return (
    end(other) - end(one) ||
    Number(other.createdAt) - Number(one.createdAt) ||
    (String(one.guid) < String(other.guid) ? 1 : -1)
  );
}

function sizeFor({ limit }: ListPage): number {
  return SIZES.find((size) => size >= limit) ?? limit;
}
