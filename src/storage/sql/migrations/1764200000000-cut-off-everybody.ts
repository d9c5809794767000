import type { Migration } from './migration.js';

/** Adds the cutoff of everybody: the row of `session_cutoffs` whose user id no user has. */
export const cutOffEverybody: Migration = {
  name: 'CutOffEverybody1764200000000',

  up: (on) => [
    `INSERT INTO ${on.table('session_cutoffs')} (${on.name('userId')}, ${on.name('ticket')}) ` +
      `SELECT '', 0 FROM ${on.table('session_tickets')} WHERE ${on.name('id')} = 1 AND NOT EXISTS ` +
      `(SELECT 1 FROM ${on.table('session_cutoffs')} WHERE ${on.name('userId')} = '')`,
  ],

  down: (on) => [`DELETE FROM ${on.table('session_cutoffs')} WHERE ${on.name('userId')} = ''`],
};
