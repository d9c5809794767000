import { AuthError } from '../errors.js';
import { type Faults, UNHEARD } from '../faults/faults.js';
import { nameOf, userIdOf } from '../id-rules.js';
import type { AuthUser, AuthUsers } from '../options/users.js';

/** What a class is asked depends on the option `loginBody`. */
interface Asked {
  validateCredentials(...given: readonly unknown[]): ReturnType<AuthUsers['validateCredentials']>;
}

/** The app's users as this library sees them; without a class of the app every user counts as active. */
export class UserDirectory {
  #users: AuthUsers | undefined;

  constructor(private readonly faults: Faults = UNHEARD) {}

  /** Sets the app's class, once it was created. */
  use(users: AuthUsers): void {
    this.#users = users;
  }

  /**
   * The user with this name and password, or with this body and request if the app reads bodies of its own. Throws
   * AuthError `invalid_credentials`, and a TypeError if the app's answer has no usable `id`.
   */
  async validate(...given: readonly unknown[]): Promise<AuthUser> {
    const users: Asked | undefined = this.#users;
    const user = await this.#ask(() => users?.validateCredentials(...given));
    if (!user) throw new AuthError('invalid_credentials', 'wrong_password');
    return checkId(user);
  }

  /**
   * Whether the app still lets this user in. An answer that is neither true nor false is a fault of the app: taken for a
   * no, it would end the session at a renewal; taken for a yes, it would let everybody in.
   */
  async isActive(userId: string): Promise<boolean> {
    const users = this.#users;
    return users === undefined || this.#ask(async () => checkVerdict(await users.isActive(userId)));
  }

  /** The current state of the user, or undefined if the app has no `findById` or no longer knows the user. */
  async find(userId: string): Promise<AuthUser | undefined> {
    return (await this.#ask(() => this.#users?.findById?.(userId))) ?? undefined;
  }

  async #ask<T>(question: () => T | Promise<T>): Promise<T> {
    try {
      const answer = await question();
      this.faults.succeeded('users');
      return answer;
    } catch (cause) {
      // An HTTP exception of the app is its answer; any other fault means that its users cannot be read.
      if (cause instanceof Error && 'getStatus' in cause) throw cause;
      this.faults.failed('users', cause);
      throw new AuthError('unavailable', 'users_failed', { cause });
    }
  }
}

function checkVerdict(given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw new TypeError(
    `\`users.isActive\` has to answer true or false, and this is ${nameOf(given)}. ` +
      'Compare the value in your class, such as `return user?.active === 1`.',
  );
}

function checkId(user: AuthUser): AuthUser {
  try {
    userIdOf(user.id);
    return user;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`The \`id\` of what \`users.validateCredentials\` resolved to is wrong. ${problem}`, { cause });
  }
}
