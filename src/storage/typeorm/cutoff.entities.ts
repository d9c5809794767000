import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';

/**
 * A user's cutoff: sessions opened with an older ticket have ended. A sign-in also locks this row. The cutoff of
 * everybody is the row whose user id is empty.
 */
@Entity({ name: 'session_cutoffs' })
export class SessionCutoffEntity {
  @PrimaryColumn({ type: 'varchar', length: MAX_USER_ID_LENGTH })
  userId!: string;

  /** The number of the user's latest cutoff; 0 before the first. */
  @Column({ type: 'bigint' })
  ticket!: number;

  /** The session that was kept, if "the others" were ended. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  kept!: string | null;

  /** When that was, in milliseconds since the epoch; for people only, no verdict reads it. */
  @Column({ type: 'bigint', nullable: true })
  validTokenFrom!: number | null;
}

/** One row: the number of the latest cutoff of any user. */
@Entity({ name: 'session_tickets' })
export class SessionTicketEntity {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'bigint' })
  latest!: number;
}
