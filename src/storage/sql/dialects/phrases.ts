import { raw, sql } from '../statement.js';
import { VERDICT_COLUMNS } from '../statements.js';

/** Makes the cutoff row of a user. */
export const NEW_USER = raw('INSERT INTO "session_cutoffs" ("userId", "ticket")');
/** The same, with the values as a list. */
export const UPSERT = sql`${NEW_USER} VALUES (${'userId'}, 0)`;
/** What SQLite and PostgreSQL do where the row is there: nothing, but they lock it. */
export const KEEP = raw('ON CONFLICT ("userId") DO UPDATE SET "ticket" = "session_cutoffs"."ticket"');

/** Makes an entry of the denylist. */
export const DENY = sql`
  INSERT INTO "session_denials" ("subject", "ticket", "kept", "until")
  VALUES (${'subject'}, ${'ticket'}, ${'kept'}, ${'until'})`;

/** The rule of `laterMark`, for what is there and what comes, and the longer life of the two. */
export function lengthened(greatest: string, there: string, coming: (column: string) => string): string {
  const kept =
    `CASE WHEN ${coming('ticket')} > ${there}"ticket" THEN ${coming('kept')} ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} <> ${there}"kept" THEN NULL ` +
    `WHEN ${coming('ticket')} = ${there}"ticket" AND ${coming('kept')} IS NULL THEN NULL ELSE ${there}"kept" END`;
  const larger = (name: string) => `"${name}" = ${greatest}(${there}"${name}", ${coming(name)})`;
  // First, since MySQL would see the new ticket otherwise.
  return `"kept" = ${kept}, ${larger('ticket')}, ${larger('until')}`;
}

/** The entry, with the conflict as SQLite and PostgreSQL write it. */
export function onConflict(greatest: string): typeof DENY {
  const values = lengthened(greatest, '"session_denials".', (name) => `excluded."${name}"`);
  return sql`${DENY} ON CONFLICT ("subject") DO UPDATE SET ${raw(values)}`;
}

/** What the check reads, before where it reads it. */
export const CHECKED = `SELECT "asked"."at", ${VERDICT_COLUMNS} FROM`;
/** Joins what is asked for, first, to the rows; a planner left to itself may read the whole of a table that was small. */
export const ASKED = `"guid" = "asked"."g" AND CONCAT("userId", '') = "asked"."u"`;

/** So many entries, each made by its place. */
export function list(count: number, entry: (at: number) => string, between = ', '): string {
  return Array.from({ length: count }, (_, at) => entry(at)).join(between);
}
