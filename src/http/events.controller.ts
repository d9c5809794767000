import {
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Headers,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import { type AuthRequest, clientInfoOf } from '../auth/request-info.js';
import { Clock } from '../clock.js';
import { LiveSessions } from '../live/live-sessions.js';
import type { ClientInfo } from '../sessions/client-info.js';
import { describeDevice, deviceName } from '../sessions/device.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import type { SessionView } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { CurrentSession } from './current-session.decorator.js';
import { JwtSessionGuard } from './jwt-session.guard.js';
import { RevocationCheck } from './revocation-check.decorator.js';
import { RouteRules } from './route-rules.js';
import { EventStream, type StreamableResponse } from './stream/event-stream.js';
import { EventStreams } from './stream/event-streams.js';
import { RouteContext } from './stream/route-context.decorator.js';
import { SessionStream } from './stream/session-stream.js';
import { SessionTransport } from './transport/session-transport.js';

/**
 * `GET /sessions/events`: what happens to a user's own devices, as it happens. Checks the session's row, like
 * `/sessions`.
 */
@Controller('sessions/events')
@UseGuards(JwtSessionGuard)
@RevocationCheck('session')
@UseFilters(AuthExceptionFilter)
export class EventsController {
  constructor(
    private readonly live: LiveSessions,
    private readonly streams: EventStreams,
    private readonly auth: AuthService,
    private readonly registry: SessionRegistry,
    private readonly transport: SessionTransport,
    private readonly rules: RouteRules,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async events(
    @CurrentSession() session: ActiveSession,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: AuthRequest,
    @Res() response: StreamableResponse,
    @RouteContext() route: ExecutionContext,
  ): Promise<void> {
    const stream = this.#streamOf(session, request, new EventStream(response), route);
    const since = this.clock.now();
    this.streams.admit(stream);
    try {
      if (!stream.isOver) await this.#follow(stream, momentOf(lastEventId));
      // A HEAD is answered like a GET, but without the stream, which would never end.
      if (request.method === 'HEAD') stream.end();
      await this.streams.open(stream, since);
    } catch (error) {
      stream.end();
      throw error;
    }
  }

  #streamOf(
    { userId, guid }: ActiveSession,
    request: AuthRequest,
    answer: EventStream,
    route: ExecutionContext,
  ): SessionStream {
    const token = this.transport.requireAccessToken(request);
    const { check } = this.rules.of(route);
    const holder = {
      ...{ userId, guid, address: request.ip ?? '' },
      expiresAt: this.auth.expiryOf(token),
      ask: () => this.auth.authenticate(token, undefined, check),
      isElsewhere: async () => {
        const [own] = await this.registry.list(userId, { current: guid, limit: 1 });
        return own?.current === true && isOther(own, clientInfoOf(request));
      },
      tellEnd: async () => (await this.live.watch({ userId, guid }, hear))(),
    };
    const stream: SessionStream = new SessionStream(holder, answer, this.clock.now());
    const hear: SessionStream['hear'] = (news, at) => stream.hear(news, at);
    return stream;
  }

  async #follow(stream: SessionStream, since: number | undefined): Promise<void> {
    const stop = await this.live.watch(stream.holder, (news, at) => stream.hear(news, at), since);
    stream.onEnd(stop);
  }
}

/** Whether the session was last used by a client that differs from this one, as far as clients are recorded. */
function isOther({ ip, device }: SessionView, client: ClientInfo): boolean {
  const isNamed = device.browser !== null || device.os !== null;
  return (
    (ip !== null && ip !== client.ip) ||
    (isNamed && deviceName(device) !== deviceName(describeDevice(client.userAgent)))
  );
}

/** The id of an event is the time at which it was read; an id that is not a time belongs to no event. */
function momentOf(id: string | undefined): number | undefined {
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
