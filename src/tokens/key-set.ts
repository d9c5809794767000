import { createSecretKey, hkdfSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm, KeyMaterial, KeyUse, PublicKey } from '../options/keys/key-option.js';
import { TOKEN_TYPES, type TokenKind } from './claims.js';

const KEY_BYTES = 32;

/** A key for one kind of token, pinned to one algorithm. */
export interface TokenKey {
  /** The whole header of its tokens, by which they are recognized. */
  readonly header: { readonly alg: KeyAlgorithm; readonly typ: string; readonly kid?: string };
  /** Undefined for a key that only verifies. */
  readonly signing: KeyObject | undefined;
  readonly verifying: KeyObject;
}

/** The keys of a further kind of token. */
export interface FurtherKeys {
  readonly signing: TokenKey;
  /** Like `KeySet.keyOf`. */
  keyOf(header: string): TokenKey | undefined;
}

/** The keys of the tokens, imported once; from a secret, a separate key is derived for each kind (HKDF, RFC 5869). */
export class KeySet {
  readonly #signing: Readonly<Record<TokenKind, TokenKey>>;
  readonly #byHeader: Readonly<Record<TokenKind, ReadonlyMap<string, TokenKey>>>;
  /** The public keys of access tokens, for services that verify them elsewhere (RFC 7517). */
  readonly publicKeys: readonly JsonWebKey[];

  /** What is derived from a secret differs for each `realm`. */
  constructor(
    private readonly keys: readonly KeyMaterial[],
    private readonly realm?: string,
  ) {
    const [access, refresh] = [this.#keysFor('access'), this.#keysFor('refresh')];
    this.#signing = { access: access[0] as TokenKey, refresh: refresh[0] as TokenKey };
    this.#byHeader = { access: byHeader(access), refresh: byHeader(refresh) };
    this.publicKeys = keys.filter(isPublished).map(toJwk);
  }

  /** The key that signs tokens of this kind. */
  signingKey(kind: TokenKind): TokenKey {
    return this.#signing[kind];
  }

  /**
   * The key whose tokens of this kind have this header, byte for byte as written in the token. A header is never
   * parsed: with anything else in it (`crit`, `jwk`, `jku`, another algorithm) it is not one of our headers.
   */
  keyOf(kind: TokenKind, header: string): TokenKey | undefined {
    return this.#byHeader[kind].get(header);
  }

  /**
   * The keys of a kind of token that is neither of the two, with the `typ` `<name>+jwt`: from those of refresh tokens,
   * because no other service has to verify it. Neither its key from a secret nor its header is that of another kind.
   */
  furtherKeys(name: string): FurtherKeys {
    const keys = this.#keysFor('refresh', name, `${name}+jwt`);
    const known = byHeader(keys);
    return { signing: keys[0] as TokenKey, keyOf: (header) => known.get(header) };
  }

  #inRealm(name: string): string {
    return this.realm === undefined ? name : `${name} of realm ${this.realm}`;
  }

  #keysFor(use: KeyUse, name: string = use, typ = TOKEN_TYPES[use]): TokenKey[] {
    return this.keys.filter(({ uses }) => uses.includes(use)).map((key) => tokenKey(key, this.#inRealm(name), typ));
  }
}

function tokenKey(key: KeyMaterial, name: string, typ: string): TokenKey {
  const header = { alg: key.algorithm, typ, ...(key.kid !== undefined && { kid: key.kid }) };
  if (!('secret' in key)) return { header, signing: key.privateKey, verifying: key.publicKey };
  const derived = derive(key.secret, name);
  return { header, signing: derived, verifying: derived };
}

function derive(secret: Buffer, name: string): KeyObject {
  const info = `nestjs-session-registry ${name} token`;
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, KEY_BYTES)));
}

function byHeader(keys: readonly TokenKey[]): ReadonlyMap<string, TokenKey> {
  return new Map(keys.map((key) => [Buffer.from(JSON.stringify(key.header)).toString('base64url'), key]));
}

function isPublished(key: KeyMaterial): key is PublicKey {
  return 'publicKey' in key && key.uses.includes('access');
}

function toJwk({ kid, algorithm, publicKey }: PublicKey): JsonWebKey {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
}
