import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../clock.js';
import { AuthError, type RefusalReason } from '../errors.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import type { FaultKind } from '../faults/faults.js';
import { AuthHttpException } from './auth-http.exception.js';
import { routeOf } from './route-of.js';

/** Which fault stands behind a 503 that is not the store's. */
const FAULTS: Partial<Record<RefusalReason, FaultKind>> = { users_failed: 'users', check_failed: 'check' };

/** Turns refusals into HTTP answers, the same for the guard, the strategy and the filter, on any adapter. */
@Injectable()
export class Refusals {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
    private readonly faults: FaultLog,
  ) {}

  /**
   * Tells the listeners of an AuthError, and the log of faults with the route of the request, and gives its HTTP form.
   * Anything else is given back as it is.
   */
  report(error: unknown, request?: unknown): unknown {
    if (!(error instanceof AuthError)) return error;
    this.#tell(error, request);
    const { code, reason, session } = error;
    this.events.emit('refused', {
      code,
      reason,
      ...(session && { userId: session.userId, guid: session.guid }),
      at: this.clock.now(),
    });
    return new AuthHttpException(error);
  }

  /** Like `report`, with the headers on the response already, should a filter of the app write the body. */
  refuse(error: unknown, response: unknown, request?: unknown): unknown {
    const exception = this.report(error, request);
    if (exception instanceof AuthHttpException) this.#setHeaders(response, exception);
    return exception;
  }

  /** Writes the whole answer. */
  reply(exception: AuthHttpException, response: unknown): void {
    this.#setHeaders(response, exception);
    this.host.httpAdapter.reply(response, exception.getResponse(), exception.getStatus());
  }

  /** Of refusals, those that nobody who asked is to blame for. */
  #tell(error: AuthError, request: unknown): void {
    if (error.code === 'unavailable') {
      this.faults.answered(error, FAULTS[error.reason] ?? 'store', routeOf(request));
    } else if (error.reason === 'token_from_future') {
      // Of a refresh token, the verifier's own words are beneath.
      const { message } = error.cause instanceof AuthError ? error.cause : error;
      this.faults.failed('futureTokens', message, routeOf(request));
    }
  }

  #setHeaders(response: unknown, { headers }: AuthHttpException): void {
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(response, name, value);
  }
}
