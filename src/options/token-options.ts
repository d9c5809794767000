import type { KeyMaterial, KeySettings } from './keys/key-option.js';
import { readKeys } from './keys/read-keys.js';
import type { Lifetimes } from './lifetime-options.js';
import { text, wholeSeconds } from './option-readers.js';
import type { CustomClaims } from './session-claims.js';
import type { AuthUser } from './users.js';

/** The issuer of an app that names none, and no realm. */
export const DEFAULT_ISSUER = 'nestjs-session-registry';

/** The options about tokens: what signs them, and what they contain. */
export interface TokenSettings extends KeySettings {
  /**
   * The `iss` of the tokens, and the only one accepted. It tells the tokens of this app from those of others with the same
   * key.
   * @default 'nestjs-session-registry', and in a realm '/' and its name after it
   */
  issuer?: string;
  /**
   * The `aud` of the tokens, and the only one accepted.
   * @default the issuer
   */
  audience?: string;
  /**
   * The app's own claims for the access token. Called with the user of `validateCredentials` at sign-in, and of
   * `findById` at renewal, or with `{ id }` if the app signs in through `AuthService.login`. Name your own user type at
   * the parameter: `claims: (user: User) => ({ role: user.role })`.
   */
  claims?(user: AuthUser): CustomClaims | Promise<CustomClaims>;
}

/** The names of these options. */
export const TOKEN_OPTIONS: Record<keyof TokenSettings, true> = {
  secret: true,
  keys: true,
  issuer: true,
  audience: true,
  claims: true,
};

/** What the token layer needs to know; all times in milliseconds. */
export interface TokenOptions {
  readonly keys: readonly KeyMaterial[];
  readonly issuer: string;
  readonly audience: string;
  readonly accessTtl: number;
  readonly refreshTtl: number;
}

/** What the token layer needs, validated and with defaults. Throws ConfigurationError. */
export function resolveTokens(given: TokenSettings, lifetimes: Lifetimes): TokenOptions {
  const { accessTtl, refreshTtl } = lifetimes;
  const issuer = text('issuer', given.issuer ?? DEFAULT_ISSUER);
  return Object.freeze({
    keys: readKeys(given),
    issuer,
    audience: text('audience', given.audience ?? issuer),
    accessTtl: wholeSeconds('accessTtl', accessTtl),
    refreshTtl,
  });
}
