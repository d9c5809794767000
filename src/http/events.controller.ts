import { Get, Req, Res } from '@nestjs/common';
import { type ActiveSession, AuthService } from '../auth/auth.service.js';
import { type AuthRequest, clientInfoOf, headerOf } from '../auth/request-info.js';
import { Clock } from '../clock.js';
import { LiveSessions } from '../live/live-sessions.js';
import type { ClientInfo } from '../sessions/client-info.js';
import { describeDevice, deviceName } from '../sessions/device.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import type { SessionView } from '../wire.js';
import { Answer } from './answers/answer.decorator.js';
import { OwnController } from './answers/own-controller.decorator.js';
import { StreamedAnswer } from './answers/streamed-answer.js';
import { Guarded, OWN_CHECK, sessionOf } from './route-session.js';
import { EventStream, type StreamableResponse } from './stream/event-stream.js';
import { EventStreams } from './stream/event-streams.js';
import { SessionStream } from './stream/session-stream.js';
import { SessionTransport } from './transport/session-transport.js';

/**
 * `GET /sessions/events`: what happens to a user's own devices, as it happens. Checks the session's row, like
 * `/sessions`.
 */
@OwnController('sessions/events')
@Guarded()
export class EventsController {
  constructor(
    private readonly live: LiveSessions,
    private readonly streams: EventStreams,
    private readonly auth: AuthService,
    private readonly registry: SessionRegistry,
    private readonly transport: SessionTransport,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Answer(200)
  async events(
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: StreamableResponse,
  ): Promise<StreamedAnswer> {
    const stream = this.#streamOf(sessionOf(request), request, new EventStream(response));
    const since = this.clock.now();
    this.streams.admit(stream);
    try {
      if (!stream.isOver) await this.#follow(stream, momentOf(headerOf(request, 'last-event-id')));
      // A HEAD is answered like a GET, but without the stream, which would never end.
      if (request.method === 'HEAD') stream.end();
      await stream.prepare();
      return new StreamedAnswer(() => this.streams.open(stream, since));
    } catch (error) {
      stream.end();
      throw error;
    }
  }

  #streamOf({ userId, guid }: ActiveSession, request: AuthRequest, answer: EventStream): SessionStream {
    const token = this.transport.requireAccessToken(request);
    const holder = {
      ...{ userId, guid, address: clientInfoOf(request).ip ?? '' },
      expiresAt: this.auth.expiryOf(token),
      ask: () => this.auth.authenticate(token, undefined, OWN_CHECK),
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
