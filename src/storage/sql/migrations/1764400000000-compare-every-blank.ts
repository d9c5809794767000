import type { IdColumn } from './flavour.js';
import type { Migration } from './migration.js';

const COLUMNS: Readonly<Record<string, readonly IdColumn[]>> = {
  sessions: [
    ['guid', 36, 'NOT NULL'],
    ['refTokID', 32, 'NOT NULL'],
    ['predecessor', 32, 'NULL'],
    ['endReason', 32, 'NULL'],
  ],
  session_cutoffs: [['kept', 36, 'NULL']],
  session_denials: [['kept', 36, 'NULL']],
  session_copies: [['edition', 64, 'NOT NULL']],
};

/**
 * Makes MySQL and MariaDB compare ids with their trailing spaces, as they compare all other texts of the library: the
 * collation these columns had treated a `guid` and the same one with a trailing space as equal. Other databases compare
 * them anyway. Each table is rebuilt once, with its keys and indexes.
 */
export const compareEveryBlank: Migration = {
  name: 'CompareEveryBlank1764400000000',

  up: (on) => Object.entries(COLUMNS).flatMap(([table, columns]) => on.compareIds(table, columns, 'count')),

  down: (on) => Object.entries(COLUMNS).flatMap(([table, columns]) => on.compareIds(table, columns, 'do not count')),
};
