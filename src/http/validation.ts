import { type ArgumentMetadata, type PipeTransform, type ValidationError, ValidationPipe } from '@nestjs/common';
import { AuthError } from '../errors.js';

class LenientPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return super.transform(shallow(value), metadata);
  }
}

/** Checks what a client sends; members a DTO does not name are dropped. Throws AuthError `invalid_request`. */
export const lenientPipe = new LenientPipe({ transform: true, whitelist: true, exceptionFactory: toAuthError });

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

/** No DTO here reads what is nested, and a nest of thousands would overflow the stack of those that copy it. */
function shallow(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(hollow);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hollow(member)]));
}

function hollow(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return member;
  return Array.isArray(member) ? [] : {};
}

function toAuthError(errors: ValidationError[]): AuthError {
  const detail = errors.flatMap(({ constraints = {} }) => Object.values(constraints)).join('; ');
  return new AuthError('invalid_request', 'malformed_request', { detail });
}
