import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

/** The body of `POST /auth/refresh`. */
export class RefreshDto {
  @IsString()
  @IsNotEmpty()
  refresh_token!: string;
}

/** The body of `POST /auth/logout`, where no access token is sent. */
export class LogoutDto {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  refresh_token?: string | null;
}
