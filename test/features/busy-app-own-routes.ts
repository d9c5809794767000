import { Body, Controller, Get, Post } from '@nestjs/common';
import { Expose } from 'class-transformer';
import { IsString } from 'class-validator';

class NoteDto {
  @IsString()
  title!: string;
}

/** Shown as it is, unless a serializer of the app leaves out what is not exposed. */
class Note {
  @Expose()
  readonly title = 'milk';
  readonly secret = 'in the cellar';
}

/** Routes of the app itself, which its globals have to keep hold of. */
@Controller('notes')
export class NotesController {
  @Get()
  one(): Note {
    return new Note();
  }

  @Post()
  add(@Body() note: NoteDto): { titles: string[]; type: string } {
    return { titles: Object.values(note ?? {}), type: typeof note };
  }

  @Get('broken')
  broken(): never {
    throw new TypeError('the app has a fault of its own');
  }
}
Reflect.defineMetadata('design:paramtypes', [NoteDto], NotesController.prototype, 'add');
