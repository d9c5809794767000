import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An entry of the denylist, if it is kept in the database, or a session whose access tokens were cut off. */
@Entity({ name: 'session_denials' })
export class SessionDenialEntity {
  /** `session` and its guid, `user` and their id, or `everybody`. */
  @PrimaryColumn({ type: 'varchar', length: 263 })
  subject!: string;

  /** For a user or everybody: sessions signed in with an older ticket are denied. */
  @Column({ type: 'bigint' })
  ticket!: number;

  /** For a user: the session that is not denied all the same. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  kept!: string | null;

  /** When the last access token that the entry concerns has expired, in milliseconds since the epoch. */
  @Index('session_denials_due')
  @Column({ type: 'bigint' })
  until!: number;
}
