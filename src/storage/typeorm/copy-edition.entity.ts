import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: which edition of the copies of sessions may be read. */
@Entity({ name: 'session_copies' })
export class CopyEditionEntity {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** Empty while none may be read. */
  @Column({ type: 'varchar', length: 64 })
  edition!: string;

  /** How many editions were retired. */
  @Column({ type: 'bigint' })
  retired!: number;

  /** When the last of them was retired, in milliseconds since the epoch by the clock of the database. */
  @Column({ type: 'bigint' })
  retiredAt!: number;
}
