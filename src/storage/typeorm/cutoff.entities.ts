import { entitySchema } from './entity-schema.js';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';

/**
 * A user's cutoff: sessions opened with an older ticket have ended. A sign-in also locks this row. The cutoff of
 * everybody is the row whose user id is empty.
 */
export class SessionCutoffEntity {
  userId!: string;

  /** The number of the user's latest cutoff; 0 before the first. */
  ticket!: number;

  /** The session that was kept, if "the others" were ended. */
  kept!: string | null;

  /** When that was, in milliseconds since the epoch; for people only, no verdict reads it. */
  validTokenFrom!: number | null;
}

/** How TypeORM knows the table. */
export const sessionCutoffEntitySchema = entitySchema({
  name: 'SessionCutoffEntity',
  target: SessionCutoffEntity,
  tableName: 'session_cutoffs',
  columns: {
    userId: { name: 'userId', type: 'varchar', length: MAX_USER_ID_LENGTH, primary: true },
    ticket: { name: 'ticket', type: 'bigint' },
    kept: { name: 'kept', type: 'varchar', length: 36, nullable: true },
    validTokenFrom: { name: 'validTokenFrom', type: 'bigint', nullable: true },
  },
});

/** One row: the number of the latest cutoff of any user. */
export class SessionTicketEntity {
  id!: number;
  latest!: number;
}

/** How TypeORM knows the table. */
export const sessionTicketEntitySchema = entitySchema({
  name: 'SessionTicketEntity',
  target: SessionTicketEntity,
  tableName: 'session_tickets',
  columns: {
    id: { name: 'id', type: 'integer', primary: true },
    latest: { name: 'latest', type: 'bigint' },
  },
});
