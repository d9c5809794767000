import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { JwtSessionGuard } from 'nestjs-session-registry';

/** Routes of an app that change something, behind the guard. */
@Controller('notes')
@UseGuards(JwtSessionGuard)
export class NotesController {
  @Get()
  read(): { notes: number } {
    return { notes: 0 };
  }

  @Post()
  write(): { notes: number } {
    return { notes: 1 };
  }
}

/** The same, behind passport. */
@Controller('passport/notes')
@UseGuards(AuthGuard('jwt-session'))
export class PassportNotesController {
  @Get()
  read(): { notes: number } {
    return { notes: 0 };
  }

  @Post()
  write(): { notes: number } {
    return { notes: 1 };
  }
}
