import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

/** The body of `POST /auth/refresh` and `POST /auth/logout`. */
export class RefreshTokenDto {
  /** Absent where the token comes in a cookie; at logout, where an access token is sent. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  refresh_token?: string | null;
}
