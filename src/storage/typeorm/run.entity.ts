import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';

/** Consecutive generations of a session, each of which was given to the same two clients; see `docs/suspicion.md`. */
@Entity({ name: 'session_runs' })
export class SessionRunEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  guid!: string;

  /** What the two differ in: `devices` or `networks`. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  evidence!: string;

  @Index('session_runs_by_user')
  @Column({ type: 'varchar', length: MAX_USER_ID_LENGTH })
  userId!: string;

  /** The `refTokID` of the last of them. */
  @Column({ type: 'varchar', length: 32 })
  generation!: string;

  @Column({ type: 'integer' })
  length!: number;

  /** The two, as JSON: User-Agent and address of each. */
  @Column({ type: 'text' })
  clients!: string;

  /** When the session was last suspected, in milliseconds since the epoch. */
  @Column({ type: 'bigint', nullable: true })
  suspectedAt!: number | null;

  /** The two clients at that time, as JSON. */
  @Column({ type: 'text', nullable: true })
  suspects!: string | null;

  /** When purge checks whether the session still exists. */
  @Index('session_runs_due')
  @Column({ type: 'bigint' })
  lookAt!: number;
}
