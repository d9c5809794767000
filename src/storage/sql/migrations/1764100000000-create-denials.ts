import { addColumn, createIndex, createTable, dropTable, type Migration } from './migration.js';

/** Creates the table of the denylist, and lets a cutoff record which session was kept. */
export const createDenials: Migration = {
  name: 'CreateDenials1764100000000',

  up: (on) => [
    addColumn(on, 'session_cutoffs', 'kept', on.id(36)),
    createTable(
      on,
      'session_denials',
      {
        subject: `${on.text(263)} NOT NULL`,
        ticket: 'bigint NOT NULL',
        kept: on.id(36),
        until: 'bigint NOT NULL',
      },
      ['subject'],
    ),
    createIndex(on, 'session_denials_due', 'session_denials', ['until']),
  ],

  down: (on) => [
    dropTable(on, 'session_denials'),
    `ALTER TABLE ${on.table('session_cutoffs')} DROP COLUMN ${on.name('kept')}`,
  ],
};
