import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of the users table. */
@Entity({ name: 'users' })
export class UserEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 64 })
  username!: string;

  /** The name as it is looked up. */
  @Column({ type: 'varchar', length: 255, unique: true })
  usernameKey!: string;

  @Column({ type: 'varchar', length: 255 })
  passwordHash!: string;
}
