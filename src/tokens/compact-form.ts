import { isUtf8 } from 'node:buffer';
import { AuthError } from '../errors.js';

/** The longest token read, in characters; longer ones are refused before anything is decoded. */
export const MAX_TOKEN_LENGTH = 4096;

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** The last characters that leave no unused bits, by how many characters follow the last group of four. */
const LAST_CHARACTERS: readonly string[] = ['', '', 'AQgw', 'AEIMQUYcgkosw048'];

/** A token split into its parts, not verified yet. */
export interface CompactToken {
  /** As written in the token; see `KeySet.keyOf`. */
  readonly header: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the signature covers: header and payload as written in the token. */
  readonly signed: string;
  readonly signature: string;
}

/**
 * Splits a token into its parts: compact form, canonical base64url, strict UTF-8, a JSON object of claims, nothing else
 * (RFC 7515 section 3.1, RFC 8725bis section 3.14). Throws AuthError `invalid_token`.
 */
export function parseCompactForm(token: unknown): CompactToken {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_LENGTH || !COMPACT.test(token)) throw malformed();
  const [headerEnd, payloadEnd] = [token.indexOf('.'), token.lastIndexOf('.')];
  const [payload, signature] = [token.slice(headerEnd + 1, payloadEnd), token.slice(payloadEnd + 1)];
  if (!isCanonical(payload) || !isCanonical(signature)) throw malformed();
  return { header: token.slice(0, headerEnd), payload: parse(payload), signed: token.slice(0, payloadEnd), signature };
}

/** Whether these characters are the only way to write their bytes (RFC 4648 section 3.5). */
function isCanonical(part: string): boolean {
  const over = part.length % 4;
  return over === 0 || (LAST_CHARACTERS[over] as string).includes(part.charAt(part.length - 1));
}

function parse(part: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(part, 'base64url');
  if (!isUtf8(bytes)) throw malformed();
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw malformed();
  }
  throw malformed();
}

function malformed(): AuthError {
  return new AuthError('invalid_token', 'malformed_token');
}
