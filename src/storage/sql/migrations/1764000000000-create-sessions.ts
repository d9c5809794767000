import { createIndex, createTable, dropTable, insertFirst, type Migration } from './migration.js';

/** Creates the tables of the session registry. */
export const createSessions: Migration = {
  name: 'CreateSessions1764000000000',

  up: (on) => [
    createTable(
      on,
      'sessions',
      {
        ...{ guid: `${on.id(36)} NOT NULL`, userId: `${on.text(255)} NOT NULL`, refTokID: `${on.id(32)} NOT NULL` },
        ...{ predecessor: on.id(32), rotatedAt: 'bigint', usedAt: 'bigint', ticket: 'bigint NOT NULL' },
        ...{ name: on.text(100), userAgent: on.text(512), ip: on.text(45), createdAt: 'bigint NOT NULL' },
        ...{ lastActiveAt: 'bigint NOT NULL', expiresAt: 'bigint NOT NULL', endedAt: 'bigint', endReason: on.id(32) },
        purgeAt: 'bigint NOT NULL',
      },
      ['guid'],
    ),
    createIndex(on, 'sessions_due_for_purge', 'sessions', ['purgeAt']),
    createTable(
      on,
      'session_cutoffs',
      { userId: `${on.text(255)} NOT NULL`, ticket: 'bigint NOT NULL', validTokenFrom: 'bigint' },
      ['userId'],
    ),
    createTable(on, 'session_tickets', { id: 'integer NOT NULL', latest: 'bigint NOT NULL' }, ['id']),
    insertFirst(on, 'session_tickets', { id: 1, latest: 0 }),
  ],

  down: (on) => ['session_tickets', 'session_cutoffs', 'sessions'].map((table) => dropTable(on, table)),
};
