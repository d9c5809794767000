import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { AuthError } from '../errors.js';
import { AuthHttpException } from './auth-http.exception.js';
import { Refusals } from './refusals.js';

/** Turns AuthErrors into HTTP answers; on other transports they pass through unchanged. */
@Catch(AuthError, AuthHttpException)
export class AuthExceptionFilter implements ExceptionFilter {
  constructor(private readonly refusals: Refusals) {}

  catch(error: AuthError | AuthHttpException, host: ArgumentsHost): void {
    const exception = this.refusals.report(error, host.getArgs()[0]);
    if (host.getType() !== 'http' || !(exception instanceof AuthHttpException)) throw error;
    this.refusals.reply(exception, host.switchToHttp().getResponse());
  }
}
