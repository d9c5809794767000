import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { TokenKind } from './claims.js';

const KEY_BYTES = 32;

/** The keys of the tokens: one for each kind, both derived from the secret (HKDF, RFC 5869), imported once. */
export class KeySet {
  readonly algorithm = 'HS256';
  readonly #keys: Readonly<Record<TokenKind, KeyObject>>;

  constructor(secret: Buffer) {
    this.#keys = { access: derive(secret, 'access'), refresh: derive(secret, 'refresh') };
  }

  /** The key that signs and verifies tokens of this kind. */
  keyFor(kind: TokenKind): KeyObject {
    return this.#keys[kind];
  }
}

function derive(secret: Buffer, kind: TokenKind): KeyObject {
  const info = `nestjs-session-registry ${kind} token`;
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, KEY_BYTES)));
}
