import type { JsonWebKey, KeyObject } from 'node:crypto';

/** The algorithms tokens are signed with; each key is pinned to exactly one (RFC 8725 section 3.1). */
export type KeyAlgorithm = 'HS256' | 'RS256' | 'ES256' | 'EdDSA';

/** The kind of token a key is for. */
export type KeyUse = 'access' | 'refresh';

/** A private or a public key: PEM, JWK or a KeyObject. */
export type KeyInput = string | Buffer | KeyObject | JsonWebKey;

/**
 * One key of the option `keys`: a `secret` (HS256), or a `privateKey` (RS256, ES256, EdDSA), or only a `publicKey`,
 * which verifies and does not sign.
 */
export interface KeyOption {
  /**
   * The key's name in the header of its tokens, of 1 to 64 letters, digits and `.` `_` `~` `-`; a secret may have none.
   */
  kid?: string;
  /** At least 32 random bytes; the keys for access and refresh tokens are derived from it. */
  secret?: string | Buffer;
  /** RSA of at least 2,048 bits (RS256), P-256 (ES256) or Ed25519 (EdDSA). */
  privateKey?: KeyInput;
  /** The public half. Together with a `privateKey` it must be the half of that key. */
  publicKey?: KeyInput;
  /**
   * The only algorithm of the key.
   * @default the algorithm of its type
   */
  algorithm?: KeyAlgorithm;
  /**
   * The only kind of token the key is for.
   * @default both for a secret, 'access' for any other key
   */
  use?: KeyUse;
}

interface KeyBase {
  readonly kid: string | undefined;
  readonly uses: readonly KeyUse[];
}

/** A validated secret. */
export interface SecretKey extends KeyBase {
  readonly algorithm: 'HS256';
  readonly secret: Buffer;
}

/** A validated key pair, or its public half. */
export interface PublicKey extends KeyBase {
  readonly algorithm: Exclude<KeyAlgorithm, 'HS256'>;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | undefined;
}

/** A key as the token layer takes it. */
export type KeyMaterial = SecretKey | PublicKey;

/** The options about what signs tokens. */
export interface KeySettings {
  /**
   * The secret from which the keys for access and refresh tokens are derived (HS256): at least 32 random bytes, for
   * example from `openssl rand -base64 48`. Short for `keys: [{ secret }]`; set one of the two.
   */
  secret?: string | Buffer;
  /**
   * The keys of the tokens. For each kind of token the first one signs and all verify, so that a key can be rotated. A
   * token is verified only with the key that its header names.
   */
  keys?: readonly KeyOption[];
}
