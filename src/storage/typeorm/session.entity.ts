import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';
import { MAX_IP_LENGTH, MAX_USER_AGENT_LENGTH } from '../../sessions/client-info.js';
import type { Session } from '../../sessions/session.js';
import { type EndReason, MAX_NAME_LENGTH } from '../../wire.js';

const milliseconds = {
  to: (value: number | null) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/**
 * A row of the sessions table, for the app's own queries. Times are milliseconds since the epoch. Do not write to it.
 */
@Entity({ name: 'sessions' })
@Index('sessions_of_user', ['userId', 'endedAt', 'createdAt', 'guid'])
@Index('sessions_due_for_purge', ['purgeAt'])
export class SessionEntity implements Session {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  guid!: string;

  @Column({ type: 'varchar', length: MAX_USER_ID_LENGTH })
  userId!: string;

  @Column({ type: 'varchar', length: 32 })
  refTokID!: string;

  @Column({ type: 'varchar', length: 32, nullable: true })
  predecessor!: string | null;

  @Column({ type: 'bigint', nullable: true, transformer: milliseconds })
  rotatedAt!: number | null;

  @Column({ type: 'bigint', nullable: true, transformer: milliseconds })
  usedAt!: number | null;

  @Column({ type: 'bigint', transformer: milliseconds })
  ticket!: number;

  @Column({ type: 'varchar', length: MAX_NAME_LENGTH, nullable: true })
  name!: string | null;

  @Column({ type: 'varchar', length: MAX_USER_AGENT_LENGTH, nullable: true })
  userAgent!: string | null;

  @Column({ type: 'varchar', length: MAX_IP_LENGTH, nullable: true })
  ip!: string | null;

  @Column({ type: 'bigint', transformer: milliseconds })
  createdAt!: number;

  @Column({ type: 'bigint', transformer: milliseconds })
  lastActiveAt!: number;

  @Column({ type: 'bigint', transformer: milliseconds })
  expiresAt!: number;

  @Column({ type: 'bigint', nullable: true, transformer: milliseconds })
  endedAt!: number | null;

  @Column({ type: 'varchar', length: 32, nullable: true })
  endReason!: EndReason | null;

  @Column({ type: 'bigint', transformer: milliseconds })
  purgeAt!: number;
}
