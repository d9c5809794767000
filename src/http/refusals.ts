import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../clock.js';
import { AuthError, type RefusalReason } from '../errors.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import type { FaultKind } from '../faults/faults.js';
import { AuthHttpException } from './auth-http.exception.js';
import { routeOf } from './route-of.js';

/** Which fault causes a 503 that is not caused by the store. */
const FAULTS: Partial<Record<RefusalReason, FaultKind>> = { users_failed: 'users', check_failed: 'check' };

/** Turns refusals into HTTP answers, in the same way for the guard, the strategy and the filter, on any adapter. */
@Injectable()
export class Refusals {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
    private readonly faults: FaultLog,
  ) {}

  /**
   * Reports an AuthError to the listeners, and to the log of faults with the route of the request, and returns its HTTP
   * form. Anything else is returned unchanged.
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

  /** Like `report`, but also sets the headers on the response, in case a filter of the app writes the body. */
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

  /** The refusals that are not the fault of the client. */
  #tell(error: AuthError, request: unknown): void {
    if (error.code === 'unavailable') {
      this.faults.answered(error, FAULTS[error.reason] ?? 'store', routeOf(request));
    } else if (error.reason === 'token_from_future') {
      // For a refresh token, the verifier's own message is in the cause.
      const { message } = error.cause instanceof AuthError ? error.cause : error;
      this.faults.failed('futureTokens', message, routeOf(request));
    }
  }

  #setHeaders(response: unknown, { headers }: AuthHttpException): void {
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(response, name, value);
  }
}
