import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { AuthError } from '../errors.js';

/** Checks what a client sends; members a DTO does not name are dropped. Throws AuthError `invalid_request`. */
export const lenientPipe = new ValidationPipe({ transform: true, whitelist: true, exceptionFactory: toAuthError });

/** As `lenientPipe`, but an unknown member is refused: a typo must not turn "the others" into "all". */
export const strictPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: toAuthError,
});

function toAuthError(errors: ValidationError[]): AuthError {
  const detail = errors.flatMap(({ constraints = {} }) => Object.values(constraints)).join('; ');
  return new AuthError('invalid_request', 'malformed_request', { detail });
}
