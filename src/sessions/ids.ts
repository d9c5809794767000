import { randomBytes, randomUUID } from 'node:crypto';

const TOKEN_ID_BYTES = 16;

/** A new session guid: a random UUID (RFC 9562 version 4). */
export function newGuid(): string {
  return randomUUID();
}

/** A new token generation: 128 random bits, base64url (ASVS 7.2.3). */
export function newRefTokID(): string {
  return randomBytes(TOKEN_ID_BYTES).toString('base64url');
}
