import { JwtService } from '@nestjs/jwt';
import type { TokenOptions } from '../options/resolved-auth-options.js';
import { CUSTOM, TOKEN_TYPES, type TokenKind, withoutReserved } from './claims.js';
import { MAX_TOKEN_LENGTH } from './compact-form.js';
import type { KeySet } from './key-set.js';

/** What a pair of tokens is signed for. Times are milliseconds. */
export interface TokenSubject {
  readonly userId: string;
  readonly guid: string;
  readonly refTokID: string;
  /** When the session ends; no token outlives it. */
  readonly sessionEnd: number;
  readonly custom: Readonly<Record<string, unknown>>;
}

/** A signed token and its life in seconds. */
export interface SignedToken {
  readonly token: string;
  readonly expiresIn: number;
}

/** Signs the JWTs of a session. Pure: time comes in, a token goes out. */
export class TokenSigner {
  readonly #jwt = new JwtService();

  constructor(
    private readonly options: TokenOptions,
    private readonly keys: KeySet,
  ) {}

  /** Signs one token. Throws a RangeError when the app's claims make it longer than a verifier reads. */
  sign(kind: TokenKind, subject: TokenSubject, now: number): SignedToken {
    const { iat, exp, expiresIn } = this.#lifetime(kind, subject.sessionEnd, now);
    const token = this.#jwt.sign(
      { ...this.#customClaims(kind, subject), ...this.#ownClaims(subject), iat, exp },
      {
        privateKey: this.keys.keyFor(kind),
        algorithm: this.keys.algorithm,
        header: { alg: this.keys.algorithm, typ: TOKEN_TYPES[kind] },
      },
    );
    if (token.length > MAX_TOKEN_LENGTH) throw tooLong(token.length);
    return { token, expiresIn };
  }

  #lifetime(kind: TokenKind, sessionEnd: number, now: number): { iat: number; exp: number; expiresIn: number } {
    const ttl = kind === 'access' ? this.options.accessTtl : this.options.refreshTtl;
    const iat = Math.floor(now / 1000);
    // The row ends the session to the millisecond; a token counts in seconds and must not end before it.
    const exp = Math.min(iat + Math.ceil(ttl / 1000), Math.ceil(sessionEnd / 1000));
    return { iat, exp, expiresIn: Math.floor(Math.min(ttl, sessionEnd - now) / 1000) };
  }

  #ownClaims({ userId, guid, refTokID }: TokenSubject): Record<string, string> {
    return { iss: this.options.issuer, aud: this.options.audience, sub: userId, guid, refTokID };
  }

  #customClaims(kind: TokenKind, { custom }: TokenSubject): Record<string, unknown> {
    const claims = withoutReserved(custom);
    if (kind === 'access') return claims;
    return Object.keys(claims).length > 0 ? { [CUSTOM]: claims } : {};
  }
}

function tooLong(length: number): RangeError {
  return new RangeError(
    `The option \`claims\` makes a token of ${length} characters; at most ${MAX_TOKEN_LENGTH} are read back. ` +
      'Put less into the claims and look the rest up by `userId`.',
  );
}
