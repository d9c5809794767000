import { Transform } from 'class-transformer';
import { Length, Matches } from 'class-validator';
import { cleanUsername, USERNAME } from './usernames.js';

/** The body of `POST /users`. */
export class CreateUserDto {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? cleanUsername(value) : value))
  @Matches(USERNAME, { message: 'username must be 1 to 64 characters that show' })
  username!: string;

  @Length(8, 1024, { message: 'password must be 8 to 1024 characters' })
  password!: string;
}
