import { type PipeTransform, type ValidationError, ValidationPipe } from '@nestjs/common';
import { AuthError } from '../errors.js';

/** Checks what a client sends; members a DTO does not name are dropped. Throws AuthError `invalid_request`. */
export const lenientPipe = new ValidationPipe({ transform: true, whitelist: true, exceptionFactory: toAuthError });

/** Which sessions `DELETE /sessions` ends. */
export type RevokeScope = 'all' | 'others';

/** Reads the query of `DELETE /sessions` to the letter: a typo must not turn "the others" into "all". */
export const revokeScopePipe: PipeTransform<unknown, RevokeScope> = {
  transform(query) {
    const members = Object.getOwnPropertyNames(query ?? {});
    if (members.length === 0) return 'all';
    if (members.length === 1 && (query as { except?: unknown }).except === 'current') return 'others';
    throw new AuthError('invalid_request', 'malformed_request', {
      detail: 'the query is neither empty nor except=current',
    });
  },
};

function toAuthError(errors: ValidationError[]): AuthError {
  const detail = errors.flatMap(({ constraints = {} }) => Object.values(constraints)).join('; ');
  return new AuthError('invalid_request', 'malformed_request', { detail });
}
