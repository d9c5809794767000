import { IsString, Length, MaxLength } from 'class-validator';

/** The body of `PATCH /account/password`. */
export class ChangePasswordDto {
  @IsString()
  @MaxLength(1024)
  password!: string;

  @Length(8, 1024, { message: 'the new password must be 8 to 1024 characters' })
  newPassword!: string;
}
