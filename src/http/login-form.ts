import { HttpException, Injectable, type Type } from '@nestjs/common';
import { AuthError, ConfigurationError } from '../errors.js';
import { type BodyForm, type BodySchema, isSchema } from '../options/login-body.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { LoginDto } from './dto/login.dto.js';
import { membersOf, validated, validatedWhole } from './validation.js';

type Read = (body: unknown) => Promise<object>;

/** How many complaints about a body are told. */
const MOST_ISSUES = 5;

/** What was read from the body of a sign-in. */
export interface ReadLogin {
  readonly body: object;
  readonly deviceName: string | undefined;
}

/** Reads the body of `POST /auth/login` in the form of the option `loginBody`, or as name and password. */
@Injectable()
export class LoginForm {
  readonly #read: Read;

  /** Throws ConfigurationError for a class that no decorator tells anything about. */
  constructor({ loginBody = LoginDto }: ResolvedAuthOptions) {
    this.#read = readerOf(loginBody);
  }

  /**
   * The body, and the `deviceName` in it, whatever the form. Throws AuthError `invalid_request` for a body that is not in
   * the form, also if a transformation of the app fails on it.
   */
  async read(given: unknown): Promise<ReadLogin> {
    try {
      return { body: await this.#read(given), deviceName: deviceNameOf(given) };
    } catch (error) {
      if (error instanceof AuthError || error instanceof HttpException) throw error;
      throw malformed('the body cannot be read', error);
    }
  }
}

function readerOf(form: BodyForm): Read {
  if (isSchema(form)) return (body) => readBySchema(form, body);
  requireMembers(form);
  return form === LoginDto ? (body) => validated(form, body) : (body) => validatedWhole(form, body);
}

function requireMembers(form: Type<object>): void {
  if (membersOf(form).length > 0) return;
  const problem = `no member of ${form.name} has a decorator of class-validator, so every body would be empty`;
  throw new ConfigurationError('loginBody', problem, 'Put one on each member, such as `@IsEmail()` or `@IsString()`');
}

async function readBySchema(schema: BodySchema, body: unknown): Promise<object> {
  const result = await schema['~standard'].validate(body);
  if (result.issues) throw malformed(result.issues.slice(0, MOST_ISSUES).map(sentenceOf).join('; '));
  if (typeof result.value === 'object' && result.value !== null) return result.value;
  throw malformed('the body is not an object');
}

/** A part of a path is a key, or an object with one. */
function sentenceOf({ message, path = [] }: { message: string; path?: readonly unknown[] | undefined }): string {
  const keys = path.map((part) => String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part));
  return keys.length > 0 ? `${keys.join('.')}: ${message}` : message;
}

function deviceNameOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'deviceName')) return undefined;
  const { deviceName } = body as { deviceName: unknown };
  if (typeof deviceName === 'string') return deviceName;
  if (deviceName === undefined || deviceName === null) return undefined;
  throw malformed('deviceName must be a string');
}

function malformed(detail: string, cause?: unknown): AuthError {
  return new AuthError('invalid_request', 'malformed_request', { detail, cause });
}
