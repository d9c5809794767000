import {
  type ArgumentMetadata,
  type PipeTransform,
  type Type,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { AuthError } from '../errors.js';

class LenientPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return super.transform(metadata.metatype ? namedMembers(value, metadata.metatype) : value, metadata);
  }
}

/**
 * Validates what a client sends; members that the DTO does not have are dropped. Throws AuthError `invalid_request`.
 */
export const lenientPipe = new LenientPipe({ transform: true, whitelist: true, exceptionFactory: toAuthError });

/** Which sessions `DELETE /sessions` ends. */
export type RevokeScope = 'all' | 'others';

/** Reads the query of `DELETE /sessions` strictly: a typo must not turn "the others" into "all". */
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

/**
 * The members that the DTO has; nested values become empty shells. No DTO here reads deeper, but the libraries that
 * copy and validate would walk everything, and overflow the stack on thousands of nested levels.
 */
function namedMembers(value: unknown, dto: Type): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return [];
  const named = membersOf(dto).filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(named.map((name) => [name, hollow((value as Record<string, unknown>)[name])]));
}

function membersOf(dto: Type): string[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .map(({ propertyName }) => propertyName);
}

function hollow(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return member;
  return Array.isArray(member) ? [] : {};
}

function toAuthError(errors: ValidationError[]): AuthError {
  const detail = errors.map(complaintOf).join('; ');
  return new AuthError('invalid_request', 'malformed_request', { detail });
}

/** The first rule of its DTO that a member breaks; class-validator gives them from the last to the first. */
function complaintOf({ property, value, constraints = {} }: ValidationError): string | undefined {
  return value === undefined ? `${property} is missing` : Object.values(constraints).at(-1);
}
