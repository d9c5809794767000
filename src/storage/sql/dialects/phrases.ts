import { raw, sql } from '../statement.js';
import { VERDICT_COLUMNS } from '../statements.js';

/** Inserts the cutoff row of a user. */
export const NEW_USER = raw('INSERT INTO "@session_cutoffs" ("userId", "ticket")');
/** The same, with the values as a list. */
export const UPSERT = sql`${NEW_USER} VALUES (${'userId'}, 0)`;
/** What SQLite and PostgreSQL do if the row exists: change nothing, but lock it. */
export const KEEP = raw('ON CONFLICT ("userId") DO UPDATE SET "ticket" = "@session_cutoffs"."ticket"');

/** Inserts an entry of the denylist. */
export const DENY = sql`
  INSERT INTO "@session_denials" ("subject", "ticket", "kept", "until")
  VALUES (${'subject'}, ${'ticket'}, ${'kept'}, ${'until'})`;

/** Combines the existing mark and the new one like `laterMark`, and keeps the longer lifetime. */
export function lengthened(greatest: string, there: string, coming: (column: string) => string): string {
  const kept =
    `CASE WHEN ${coming('ticket')} > ${there}"ticket" THEN ${coming('kept')} ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} <> ${there}"kept" THEN NULL ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} IS NULL THEN NULL ELSE ${there}"kept" END`;
  const larger = (name: string) => `"${name}" = ${greatest}(${there}"${name}", ${coming(name)})`;
  // `kept` comes first, because otherwise MySQL would compare with the new ticket.
  return `"kept" = ${kept}, ${larger('ticket')}, ${larger('until')}`;
}

/** `DENY` with the conflict clause of SQLite and PostgreSQL. */
export function onConflict(greatest: string): typeof DENY {
  const values = lengthened(greatest, '"@session_denials".', (name) => `excluded."${name}"`);
  return sql`${DENY} ON CONFLICT ("subject") DO UPDATE SET ${raw(values)}`;
}

/** The beginning of the statement that checks use, without the tables. */
export const CHECKED = `SELECT "asked"."at", ${VERDICT_COLUMNS} FROM`;
/** Joins the requested sessions to the rows. Left to itself, a planner may read all of a table that was small before. */
export const ASKED = `"guid" = "asked"."g" AND CONCAT("userId", '') = "asked"."u"`;

/** A list of so many entries, each built from its position. */
export function list(count: number, entry: (at: number) => string, between = ', '): string {
  return Array.from({ length: count }, (_, at) => entry(at)).join(between);
}
