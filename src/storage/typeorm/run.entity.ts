import { entitySchema } from './entity-schema.js';
import { MAX_USER_ID_LENGTH } from '../../id-rules.js';

/** Consecutive generations of a session, each of which was given to the same two clients; see `docs/suspicion.md`. */
export class SessionRunEntity {
  guid!: string;

  /** What the two differ in: `devices` or `networks`. */
  evidence!: string;
  userId!: string;

  /** The `refTokID` of the last of them. */
  generation!: string;
  length!: number;

  /** The two, as JSON: User-Agent and address of each. */
  clients!: string;

  /** When the session was last suspected, in milliseconds since the epoch. */
  suspectedAt!: number | null;

  /** The two clients at that time, as JSON. */
  suspects!: string | null;

  /** When purge checks whether the session still exists. */
  lookAt!: number;
}

/** How TypeORM knows the table. */
export const sessionRunEntitySchema = entitySchema({
  name: 'SessionRunEntity',
  target: SessionRunEntity,
  tableName: 'session_runs',
  columns: {
    guid: { name: 'guid', type: 'varchar', length: 36, primary: true },
    evidence: { name: 'evidence', type: 'varchar', length: 16, primary: true },
    userId: { name: 'userId', type: 'varchar', length: MAX_USER_ID_LENGTH },
    generation: { name: 'generation', type: 'varchar', length: 32 },
    length: { name: 'length', type: 'integer' },
    clients: { name: 'clients', type: 'text' },
    suspectedAt: { name: 'suspectedAt', type: 'bigint', nullable: true },
    suspects: { name: 'suspects', type: 'text', nullable: true },
    lookAt: { name: 'lookAt', type: 'bigint' },
  },
  indices: [
    { name: 'session_runs_by_user', columns: ['userId'] },
    { name: 'session_runs_due', columns: ['lookAt'] },
  ],
});
