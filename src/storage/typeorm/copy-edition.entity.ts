import { entitySchema } from './entity-schema.js';

/** One row: which edition of the copies of sessions may be read. */
export class CopyEditionEntity {
  id!: number;

  /** Empty while none may be read. */
  edition!: string;

  /** How many editions were retired. */
  retired!: number;

  /** When the last of them was retired, in milliseconds since the epoch by the clock of the database. */
  retiredAt!: number;
}

/** How TypeORM knows the table. */
export const copyEditionEntitySchema = entitySchema({
  name: 'CopyEditionEntity',
  target: CopyEditionEntity,
  tableName: 'session_copies',
  columns: {
    id: { name: 'id', type: 'integer', primary: true },
    edition: { name: 'edition', type: 'varchar', length: 64 },
    retired: { name: 'retired', type: 'bigint' },
    retiredAt: { name: 'retiredAt', type: 'bigint' },
  },
});
