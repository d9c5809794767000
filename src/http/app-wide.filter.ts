import type { ArgumentsHost } from '@nestjs/common';
import { AuthError } from '../errors.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { AuthHttpException } from './auth-http.exception.js';

/**
 * The filter of an app with several modules, for routes that do not name that of one. It answers all refusals, and tells
 * no module of them: the event `refused` would tell the users of one realm to the listeners of another.
 */
export class AppWideFilter extends AuthExceptionFilter {
  override catch(error: AuthError | AuthHttpException, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    super.catch(error instanceof AuthError ? new AuthHttpException(error) : error, host);
  }
}
