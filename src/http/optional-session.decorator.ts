import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { nameIn } from '../realm/realm-name.js';

/** The metadata key that `OptionalSession` sets. */
export const OPTIONAL_SESSION = 'nestjs-session-registry:optional';

/** What a route for both does with credentials that do not count. */
export interface OptionalSessionOptions {
  /**
   * What to do with a token that is not valid: 'refuse' answers 401, so that the client renews it; 'ignore' treats the
   * request as one without credentials.
   * @default 'refuse'
   */
  readonly invalid?: 'refuse' | 'ignore';
  /**
   * The realm whose guard this speaks to.
   * @default the module without a name
   */
  readonly realm?: string;
}

/**
 * Lets requests without credentials through `JwtSessionGuard` too: `@CurrentSession()` is undefined for them. A token that
 * is not valid is answered 401, or ignored with `{ invalid: 'ignore' }`. If the check cannot be answered, that is a 503 in
 * either case: nobody is taken for signed out because a database is down.
 */
export const OptionalSession = ({ invalid = 'refuse', realm }: OptionalSessionOptions = {}): CustomDecorator =>
  SetMetadata(nameIn(realm, OPTIONAL_SESSION), invalid);
