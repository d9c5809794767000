import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A table of the app, with a column whose name the naming strategy changes. */
@Entity('accounts')
export class Account {
  @PrimaryColumn({ type: 'varchar' })
  id!: string;

  @Column({ type: 'varchar' })
  displayName!: string;
}
