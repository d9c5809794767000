import { createIndex, createTable, dropTable, type Migration } from './migration.js';

/** Creates the table that records two clients using one session in turn. */
export const createRuns: Migration = {
  name: 'CreateRuns1764500000000',

  up: (on) => [
    createTable(
      on,
      'session_runs',
      {
        // The collation of ids pads with spaces.
        ...{ guid: `${on.text(36)} NOT NULL`, evidence: `${on.text(16)} NOT NULL`, userId: `${on.text(255)} NOT NULL` },
        ...{ generation: `${on.text(32)} NOT NULL`, length: 'integer NOT NULL', clients: `${on.longText} NOT NULL` },
        ...{ suspectedAt: 'bigint', suspects: on.longText, lookAt: 'bigint NOT NULL' },
      },
      ['guid', 'evidence'],
    ),
    createIndex(on, 'session_runs_by_user', 'session_runs', ['userId']),
    createIndex(on, 'session_runs_due', 'session_runs', ['lookAt']),
  ],

  down: (on) => [dropTable(on, 'session_runs')],
};
