import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

/** The query of `GET /sessions`. */
export class ListSessionsQuery {
  @IsOptional()
  @IsIn(['live', 'ended'])
  state?: 'live' | 'ended';
}

/** The body of `PATCH /sessions/:guid`. */
export class RenameSessionDto {
  @IsString()
  @MaxLength(100)
  name!: string;
}
