import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Generations of a session, one after the other, that the same two clients were given each; see `docs/suspicion.md`. */
@Entity({ name: 'session_runs' })
export class SessionRunEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  guid!: string;

  /** What the two differ in: `devices` or `networks`. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  evidence!: string;

  @Index('session_runs_by_user')
  @Column({ type: 'varchar', length: 255 })
  userId!: string;

  /** The `refTokID` of the last of them. */
  @Column({ type: 'varchar', length: 32 })
  generation!: string;

  @Column({ type: 'integer' })
  length!: number;

  /** The two, as JSON: User-Agent and address of each. */
  @Column({ type: 'text' })
  clients!: string;

  /** When the session was suspected last, in milliseconds since the epoch. */
  @Column({ type: 'bigint', nullable: true })
  suspectedAt!: number | null;

  /** The two of then, as JSON. */
  @Column({ type: 'text', nullable: true })
  suspects!: string | null;

  /** When purge looks whether the session is still there. */
  @Index('session_runs_due')
  @Column({ type: 'bigint' })
  lookAt!: number;
}
