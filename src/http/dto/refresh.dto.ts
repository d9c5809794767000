import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

/** The body of `POST /auth/refresh` and `POST /auth/logout`. */
export class RefreshTokenDto {
  /** Absent if the token is sent in a cookie, or if a sign-out uses an access token. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  refresh_token?: string | null;
}
