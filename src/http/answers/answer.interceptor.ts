import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { catchError, map, type Observable, of } from 'rxjs';
import { AuthHttpException } from '../auth-http.exception.js';
import { Refusals } from '../refusals.js';
import { ANSWER, type AnswerHead } from './answer.decorator.js';
import { pinAnswer, type Sender } from './pinned-answer.js';
import { StreamedAnswer } from './streamed-answer.js';

interface SentAnswer extends AnswerHead {
  readonly body: unknown;
}

/**
 * Lets the answers of this library's routes leave as the contract says. It is the innermost interceptor: it keeps what
 * the handler returned, or its refusal, until something is sent, and sends that instead. The interceptors of the app run
 * around it and are given nothing that they could wrap, log or store.
 */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<unknown, undefined> {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly reflector: Reflector,
    private readonly refusals: Refusals,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<undefined> {
    const [request, response] = context.getArgs<[unknown, Sender]>();
    const head = this.reflector.get<AnswerHead>(ANSWER, context.getHandler());
    return next.handle().pipe(
      map((body): SentAnswer => ({ ...head, body })),
      catchError((error: unknown) => of(this.#refusal(error, request))),
      map((answer) => {
        pinAnswer(response, () => this.#send(answer, response));
        return undefined;
      }),
    );
  }

  /** Anything else, such as an HTTP exception of the app's users class, goes to the filters of the app. */
  #refusal(error: unknown, request: unknown): SentAnswer {
    const exception = this.refusals.report(error, request);
    if (!(exception instanceof AuthHttpException)) throw error;
    return { status: exception.getStatus(), headers: exception.headers, body: exception.getResponse() };
  }

  /** The app may have answered already, for example a request that took too long. */
  #send({ status, headers, body }: SentAnswer, response: unknown): void {
    const { httpAdapter } = this.host;
    if (httpAdapter.isHeadersSent(response)) return;
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    if (body instanceof StreamedAnswer) body.begin();
    else httpAdapter.reply(response, body, status);
  }
}
