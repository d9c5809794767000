import { entitySchema, milliseconds } from './entity-schema.js';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';
import { MAX_IP_LENGTH, MAX_USER_AGENT_LENGTH } from '../../sessions/client-info.js';
import type { Session } from '../../sessions/session.js';
import { type EndReason, MAX_NAME_LENGTH } from '../../wire.js';

/**
 * A row of the sessions table, for the app's own queries. Times are milliseconds since the epoch. Do not write to it.
 */
export class SessionEntity implements Session {
  guid!: string;
  userId!: string;
  refTokID!: string;
  predecessor!: string | null;
  rotatedAt!: number | null;
  usedAt!: number | null;
  ticket!: number;
  name!: string | null;
  userAgent!: string | null;
  ip!: string | null;
  createdAt!: number;
  lastActiveAt!: number;
  expiresAt!: number;
  endedAt!: number | null;
  endReason!: EndReason | null;
  purgeAt!: number;
}

/** How TypeORM knows the table. */
export const sessionEntitySchema = entitySchema({
  name: 'SessionEntity',
  target: SessionEntity,
  tableName: 'sessions',
  columns: {
    guid: { name: 'guid', type: 'varchar', length: 36, primary: true },
    userId: { name: 'userId', type: 'varchar', length: MAX_USER_ID_LENGTH },
    refTokID: { name: 'refTokID', type: 'varchar', length: 32 },
    predecessor: { name: 'predecessor', type: 'varchar', length: 32, nullable: true },
    rotatedAt: { name: 'rotatedAt', type: 'bigint', nullable: true, transformer: milliseconds },
    usedAt: { name: 'usedAt', type: 'bigint', nullable: true, transformer: milliseconds },
    ticket: { name: 'ticket', type: 'bigint', transformer: milliseconds },
    name: { name: 'name', type: 'varchar', length: MAX_NAME_LENGTH, nullable: true },
    userAgent: { name: 'userAgent', type: 'varchar', length: MAX_USER_AGENT_LENGTH, nullable: true },
    ip: { name: 'ip', type: 'varchar', length: MAX_IP_LENGTH, nullable: true },
    createdAt: { name: 'createdAt', type: 'bigint', transformer: milliseconds },
    lastActiveAt: { name: 'lastActiveAt', type: 'bigint', transformer: milliseconds },
    expiresAt: { name: 'expiresAt', type: 'bigint', transformer: milliseconds },
    endedAt: { name: 'endedAt', type: 'bigint', nullable: true, transformer: milliseconds },
    endReason: { name: 'endReason', type: 'varchar', length: 32, nullable: true },
    purgeAt: { name: 'purgeAt', type: 'bigint', transformer: milliseconds },
  },
  indices: [
    { name: 'sessions_of_user', columns: ['userId', 'endedAt', 'createdAt', 'guid'] },
    { name: 'sessions_due_for_purge', columns: ['purgeAt'] },
  ],
});
