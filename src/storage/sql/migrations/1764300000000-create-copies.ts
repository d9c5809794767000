import { createTable, dropTable, insertFirst, type Migration } from './migration.js';

/** Creates the row that names which copies of sessions may be read. */
export const createCopies: Migration = {
  name: 'CreateCopies1764300000000',

  up: (on) => [
    createTable(
      on,
      'session_copies',
      {
        id: 'integer NOT NULL',
        edition: `${on.id(64)} NOT NULL`,
        retired: 'bigint NOT NULL',
        retiredAt: 'bigint NOT NULL',
      },
      ['id'],
    ),
    insertFirst(on, 'session_copies', { id: 1, edition: "''", retired: 0, retiredAt: 0 }),
  ],

  down: (on) => [dropTable(on, 'session_copies')],
};
