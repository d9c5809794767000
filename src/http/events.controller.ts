import { Controller, Get, Header, Headers, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ActiveSession } from '../auth/auth.service.js';
import { Clock } from '../clock.js';
import { LiveSessions } from '../live/live-sessions.js';
import type { NewsListener } from '../live/watched-user.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { CurrentSession } from './current-session.decorator.js';
import { JwtSessionGuard } from './jwt-session.guard.js';
import { RevocationCheck } from './revocation-check.decorator.js';
import { EventStream, type StreamableResponse } from './stream/event-stream.js';
import { EventStreams } from './stream/event-streams.js';

/** `GET /sessions/events`: what happens to a user's own devices, as it happens. Asks the session's row, as `/sessions`. */
@Controller('sessions/events')
@UseGuards(JwtSessionGuard)
@RevocationCheck('session')
@UseFilters(AuthExceptionFilter)
export class EventsController {
  constructor(
    private readonly live: LiveSessions,
    private readonly streams: EventStreams,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async events(
    @CurrentSession() { userId, guid }: ActiveSession,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() { method }: { method: string },
    @Res() response: StreamableResponse,
  ): Promise<void> {
    const stream = new EventStream(response);
    const since = this.clock.now();
    const hear: NewsListener = ({ type, session }, at) => {
      stream.send(type, at, session);
      if (type === 'session.revoked' && session.current) stream.end();
    };
    const stop = await this.live.watch({ userId, guid }, hear, momentOf(lastEventId));
    stream.onOver(stop);
    // A HEAD is answered as a GET is, but for the rest that would never come.
    if (method === 'HEAD') stream.end();
    this.streams.open(guid, stream, since);
  }
}

/** The id of an event is the moment it was read; what is none is of no event. */
function momentOf(id: string | undefined): number | undefined {
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
