import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  type HttpServer,
  type NestInterceptor,
  type PipeTransform,
  RequestTimeoutException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { catchError, map, Observable, type OperatorFunction, Subject, takeUntil, tap, throwError, timeout } from 'rxjs';

/** Answers every error of any kind in a shape of its own. */
@Catch()
export class CatchAll implements ExceptionFilter {
  constructor(private readonly adapter: Pick<HttpServer, 'reply'>) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.adapter.reply(host.switchToHttp().getResponse(), { oops: status }, status);
  }
}

/** An interceptor that does no more than this to what a handler returns. */
export function interceptor(
  change: (context: ExecutionContext) => OperatorFunction<unknown, unknown>,
): NestInterceptor {
  return { intercept: (context: ExecutionContext, next: CallHandler) => next.handle().pipe(change(context)) };
}

/** Wraps answers. */
export const wrapping = interceptor(() => map((data) => ({ data })));
/** Takes for granted that there is something in each answer. */
export const careless = interceptor(() => map((data) => ({ keys: Object.keys(data as object) })));
/** The example of the Nest documentation that makes all errors one. */
export const mappingErrors = interceptor(() =>
  catchError(() => throwError(() => new HttpException('Bad Gateway', 502))),
);
/** Sets headers once the handler is done, and before it for all routes that do not do so themselves. */
export const settingHeaders: NestInterceptor = {
  intercept(context, next) {
    const response = context.switchToHttp().getResponse<{ header(name: string, value: string): void }>();
    response.header('Cache-Control', 'public, max-age=600');
    return next.handle().pipe(tap(() => response.header('X-Response-Time', '7')));
  },
};
/** Puts the app's own user where guards put theirs. */
export const settingUser: NestInterceptor = {
  intercept(context, next) {
    context.switchToHttp().getRequest<{ user: unknown }>().user = { id: 7, name: 'the user entity of the app' };
    return next.handle();
  },
};
/** Gives up on what takes too long. */
export const timing = interceptor(() => timeout({ each: 30_000, with: () => throwError(timedOut) }));

/** Gives up on every request under way when it is told to. */
export class Impatience implements NestInterceptor {
  readonly #now = new Subject<void>();
  readonly #end = new Observable<never>((subscriber) => this.#now.subscribe(() => subscriber.error(timedOut())));

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(takeUntil(this.#end));
  }

  giveUp(): void {
    this.#now.next();
  }
}

/** Changes whatever it gets, of any parameter. */
export const mangling: PipeTransform = { transform: (value: unknown) => ({ mangled: JSON.stringify(value) ?? '' }) };

/** The guard of the Nest documentation, which knows public routes by `isPublic`; it asks for a header of the app. */
export class OwnGuard implements CanActivate {
  readonly #reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const isPublic = this.#reflector.getAllAndOverride<boolean>('isPublic', [context.getHandler(), context.getClass()]);
    if (isPublic) return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    if (headers['x-tenant'] === undefined) throw new ForbiddenException('no tenant');
    return true;
  }
}

function timedOut(): RequestTimeoutException {
  return new RequestTimeoutException();
}
