import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

/** The query of `GET /sessions`. */
export class ListSessionsQuery {
  @IsOptional()
  @IsIn(['live', 'ended'])
  state?: 'live' | 'ended';

  /** How many sessions, 1 to 1,000; as text, as it comes. */
  @IsOptional()
  @IsString()
  limit?: string;

  /** Where the page begins: from the `Link` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

/** The body of `PATCH /sessions/:guid`. */
export class RenameSessionDto {
  @IsString()
  @MaxLength(100)
  name!: string;
}
