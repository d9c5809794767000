import { entitySchema } from './entity-schema.js';

/** An entry of the denylist, if it is kept in the database, or a session whose access tokens were cut off. */
export class SessionDenialEntity {
  /** `session` and its guid, `user` and their id, or `everybody`. */
  subject!: string;

  /** For a user or everybody: sessions signed in with an older ticket are denied. */
  ticket!: number;

  /** For a user: the session that is not denied all the same. */
  kept!: string | null;

  /** When the last access token that the entry concerns has expired, in milliseconds since the epoch. */
  until!: number;
}

/** How TypeORM knows the table. */
export const sessionDenialEntitySchema = entitySchema({
  name: 'SessionDenialEntity',
  target: SessionDenialEntity,
  tableName: 'session_denials',
  columns: {
    subject: { name: 'subject', type: 'varchar', length: 263, primary: true },
    ticket: { name: 'ticket', type: 'bigint' },
    kept: { name: 'kept', type: 'varchar', length: 36, nullable: true },
    until: { name: 'until', type: 'bigint' },
  },
  indices: [{ name: 'session_denials_due', columns: ['until'] }],
});
