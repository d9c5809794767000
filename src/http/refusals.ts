import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../clock.js';
import { AuthError } from '../errors.js';
import { SessionEvents } from '../events/session-events.js';
import { AuthHttpException } from './auth-http.exception.js';

/** Turns refusals into HTTP answers, the same for the guard, the strategy and the filter, on any adapter. */
@Injectable()
export class Refusals {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
  ) {}

  /** The HTTP form of an AuthError, of which the listeners are told; anything else is given back as it is. */
  translate(error: unknown): unknown {
    if (!(error instanceof AuthError)) return error;
    if (error.code === 'unavailable') this.#logger.error(`Answered 503 (${error.reason}): ${String(error.cause)}`);
    const { code, reason, session } = error;
    this.events.emit('refused', {
      code,
      reason,
      ...(session && { userId: session.userId, guid: session.guid }),
      at: this.clock.now(),
    });
    return new AuthHttpException(error);
  }

  /** As `translate`, with the headers on the response already, should a filter of the app write the body. */
  refuse(error: unknown, response: unknown): unknown {
    const translated = this.translate(error);
    if (translated instanceof AuthHttpException) this.#setHeaders(response, translated);
    return translated;
  }

  /** Writes the whole answer. */
  reply(exception: AuthHttpException, response: unknown): void {
    this.#setHeaders(response, exception);
    this.host.httpAdapter.reply(response, exception.getResponse(), exception.getStatus());
  }

  #setHeaders(response: unknown, { headers }: AuthHttpException): void {
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(response, name, value);
  }
}
