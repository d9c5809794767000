import { AuthError } from '../errors.js';

/** The longest token read, in characters; longer ones are refused before anything is decoded. */
export const MAX_TOKEN_LENGTH = 4096;

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A token taken apart, not yet believed. */
export interface CompactToken {
  /** As it stands in the token; see `KeySet.keyOf`. */
  readonly header: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Takes a token apart: compact form, canonical base64url, strict UTF-8, a JSON object of claims, nothing else
 * (RFC 7515 section 3.1, RFC 8725bis section 3.14). Throws AuthError `invalid_token`.
 */
export function parseCompactForm(token: unknown): CompactToken {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_LENGTH || !COMPACT.test(token)) throw malformed();
  const [header = '', payload = '', signature = ''] = token.split('.');
  decode(signature);
  return { header, payload: parse(decode(payload)) };
}

function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') === part) return bytes;
  throw malformed();
}

function parse(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw malformed();
  }
  throw malformed();
}

function malformed(): AuthError {
  return new AuthError('invalid_token', 'malformed_token');
}
