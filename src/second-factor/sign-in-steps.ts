import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { type Clock, CLOCK_TOLERANCE } from '../clock.js';
import { AuthError, ConfigurationError } from '../errors.js';
import { isUserId, type UserId, userIdOf } from '../id-rules.js';
import { type Duration, parseDuration } from '../options/duration.js';
import type { TokenOptions } from '../options/token-options.js';
import { parseCompactForm } from '../tokens/compact-form.js';
import { signJws, verifyJws } from '../tokens/jws.js';
import type { FurtherKeys, KeySet } from '../tokens/key-set.js';

const LONGEST = parseDuration('lifetime', '1h');
const PURPOSE = /^[\w.-]{1,64}$/;

/** A step of a sign-in that a user has passed. */
export interface PassedStep {
  readonly userId: string;
  /** From `currentTicket`, drawn before the first step. Pass it to `AuthService.login`. */
  readonly ticket: number;
  /** The id of this token, for an app that lets each be used once. */
  readonly id: string;
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What a token is issued for. */
export interface StepToIssue {
  /** What the next request is for, such as 'code': up to 64 letters, digits and `_` `.` `-`. */
  readonly purpose: string;
  readonly userId: UserId;
  /** From `currentTicket`, called before the password was checked. */
  readonly ticket: number;
  /**
   * How long the next step may take; at most an hour.
   * @default '5m'
   */
  readonly lifetime?: Duration;
}

/** The token of a passed step, for the client, and its lifetime in seconds. */
export interface StepToken {
  readonly token: string;
  readonly expiresIn: number;
}

/**
 * Sign-ins that take more than one request: a signed token says that a user has passed one step, and for which purpose. It
 * carries the ticket of the first step, so that a cutoff between two steps applies. It is no credential of a session: no
 * other reader of this library accepts it, and this one accepts no other token. Nothing is stored, so a token works until
 * it expires.
 */
export class SignInSteps {
  readonly #keys: FurtherKeys;

  constructor(
    private readonly options: TokenOptions,
    keys: KeySet,
    private readonly clock: Clock,
  ) {
    this.#keys = keys.furtherKeys('step');
  }

  /**
   * A token for a user who has passed a step. Throws a TypeError for an invalid user id, purpose or ticket, and a
   * ConfigurationError for an invalid lifetime.
   */
  issue({ purpose, userId, ticket, lifetime = '5m' }: StepToIssue): StepToken {
    if (!PURPOSE.test(purpose)) throw new TypeError(`'${purpose}' is not the name of a purpose, such as 'code'`);
    if (!isTicket(ticket)) throw new TypeError('The ticket of a step is the number from `AuthService.currentTicket()`');
    const expiresIn = Math.ceil(lifetimeOf(lifetime) / 1000);
    const iat = Math.floor(this.clock.now() / 1000);
    const { issuer: iss, audience: aud } = this.options;
    const claims = { iss, aud, sub: userIdOf(userId), purpose, ticket, jti: randomUUID(), iat, exp: iat + expiresIn };
    return { token: signJws(this.#keys.signing, claims), expiresIn };
  }

  /**
   * The step that this token says was passed. Throws AuthError `invalid_credentials` for anything but a token of this
   * purpose that is valid now: the user signs in again from the first step.
   */
  read(purpose: string, token: unknown): PassedStep {
    try {
      return this.#verify(purpose, token);
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      throw new AuthError('invalid_credentials', error.reason, { cause: error });
    }
  }

  #verify(purpose: string, token: unknown): PassedStep {
    const parts = parseCompactForm(token);
    const key = this.#keys.keyOf(parts.header);
    if (!key) throw new AuthError('invalid_token', 'wrong_header');
    if (!verifyJws(key, parts)) throw new AuthError('invalid_token', 'bad_signature');
    const { payload } = parts;
    const { issuer, audience } = this.options;
    const isOurs = payload.iss === issuer && payload.aud === audience && payload.purpose === purpose;
    if (!isOurs || !isStep(payload)) throw new AuthError('invalid_token', 'wrong_claims');
    this.#checkTimes(payload);
    return { userId: payload.sub, ticket: payload.ticket, id: payload.jti, expiresAt: payload.exp * 1000 };
  }

  #checkTimes({ iat, exp }: StepClaims): void {
    const now = this.clock.now();
    if (iat * 1000 - now > CLOCK_TOLERANCE) throw new AuthError('invalid_token', 'token_from_future');
    if ((exp - iat) * 1000 > LONGEST) throw new AuthError('invalid_token', 'wrong_claims');
    if (now >= exp * 1000) throw new AuthError('invalid_token', 'token_expired');
  }
}

function lifetimeOf(given: Duration): number {
  const lifetime = parseDuration('lifetime', given);
  if (lifetime <= LONGEST) return lifetime;
  throw new ConfigurationError('lifetime', `${inspect(given)} is longer than an hour`, "Use '1h' or less");
}

interface StepClaims {
  readonly sub: string;
  readonly ticket: number;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
}

function isStep(payload: object): payload is StepClaims {
  const { sub, ticket, jti, iat, exp } = payload as Record<string, unknown>;
  return isUserId(sub) && [ticket, iat, exp].every(isTicket) && typeof jti === 'string';
}

function isTicket(given: unknown): boolean {
  return Number.isSafeInteger(given) && (given as number) >= 0;
}
