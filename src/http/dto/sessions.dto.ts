import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MAX_NAME_LENGTH } from '../../wire.js';

/** The query of `GET /sessions`. */
export class ListSessionsQuery {
  @IsOptional()
  @IsIn(['live', 'ended'])
  state?: 'live' | 'ended';

  /** How many sessions, 1 to 1,000; a text, as it arrives. */
  @IsOptional()
  @IsString()
  limit?: string;

  /** Where the page begins: taken from the `Link` of the previous page. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

/** The body of `PATCH /sessions/:guid`. */
export class RenameSessionDto {
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  name!: string;
}
