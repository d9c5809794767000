import { createIndex, type Migration } from './migration.js';

/**
 * Replaces the index of a user's sessions by one in the order of the lists, so that a page reads no more than it shows: a
 * user's live sessions in their order, separate from the ended ones, which are ordered by their ends.
 */
export const pageSessions: Migration = {
  name: 'PageSessions1764600000000',

  // The new index is created first, so that there is always one to use.
  up: (on) => [
    createIndex(on, 'sessions_of_user', 'sessions', ['userId', 'endedAt', 'createdAt', 'guid']),
    on.dropIndex('sessions_by_user', 'sessions'),
  ],

  down: (on) => [
    createIndex(on, 'sessions_by_user', 'sessions', ['userId']),
    on.dropIndex('sessions_of_user', 'sessions'),
  ],
};
