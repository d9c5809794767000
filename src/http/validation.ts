import { type Type, type ValidationError, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { AuthError } from '../errors.js';

const lenientPipe = new ValidationPipe({ transform: true, whitelist: true, exceptionFactory: toAuthError });

/**
 * Validates what a client sends; members that the DTO does not have are dropped. Throws AuthError `invalid_request`. Not
 * a pipe of a parameter, because the pipes of the app would run before it.
 */
export function validated<T extends object>(dto: Type<T>, value: unknown): Promise<T> {
  return validatedWhole(dto, namedMembers(value, dto));
}

/** The same for a DTO of the app, which may have members in its members. */
export function validatedWhole<T extends object>(dto: Type<T>, value: unknown): Promise<T> {
  return lenientPipe.transform(value, { type: 'body', metatype: dto }) as Promise<T>;
}

/** Which sessions `DELETE /sessions` ends. */
export type RevokeScope = 'all' | 'others';

/** Reads the query of `DELETE /sessions` strictly: a typo must not turn "the others" into "all". */
export function revokeScopeOf(query: unknown): RevokeScope {
  const members = Object.getOwnPropertyNames(query ?? {});
  if (members.length === 0) return 'all';
  if (members.length === 1 && (query as { except?: unknown }).except === 'current') return 'others';
  throw new AuthError('invalid_request', 'malformed_request', {
    detail: 'the query is neither empty nor except=current',
  });
}

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

/** The members of a DTO: those with a decorator of class-validator. */
export function membersOf(dto: Type): string[] {
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
