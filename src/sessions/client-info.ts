import { MAX_NAME_LENGTH } from '../wire.js';
import { addressOf } from './network.js';
import { isVisible, withoutDirectionMarks } from './visible-text.js';

/** What is known about the client that signs in, renews or sends a request. */
export interface ClientInfo {
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** The number of characters of a User-Agent that are kept. */
export const MAX_USER_AGENT_LENGTH = 512;
/** The number of characters of the longest address. */
export const MAX_IP_LENGTH = 45;

/**
 * Cleans and shortens what a client says about itself, so that every database can store it and every page can show it. An
 * address is kept plain: without a port, and as IPv4 if it is mapped into IPv6.
 */
export function boundClientInfo(given: {
  userAgent?: string | null | undefined;
  ip?: string | null | undefined;
}): ClientInfo {
  const userAgent = cleanText(given.userAgent, MAX_USER_AGENT_LENGTH);
  return { userAgent, ip: addressOf(given.ip) ?? cleanText(given.ip, MAX_IP_LENGTH) };
}

/** What may be stored about a client (ASVS 14.2.4): null for what the options do not record. */
export function recordedInfo({ userAgent, ip }: ClientInfo, record: { userAgent: boolean; ip: boolean }): ClientInfo {
  return { userAgent: record.userAgent ? userAgent : null, ip: record.ip ? ip : null };
}

/** A device name as it is stored: one line, trimmed, at most 100 characters. Null if nothing visible is left. */
export function cleanName(given: string | null | undefined): string | null {
  const clean = cleanText(given, MAX_NAME_LENGTH);
  return clean !== null && isVisible(clean) ? clean : null;
}

function cleanText(given: string | null | undefined, length: number): string | null {
  if (typeof given !== 'string') return null;
  // PostgreSQL refuses NUL and lone surrogates in text; control characters have no place on a page.
  const clean = withoutDirectionMarks(cutAtCodePoint(given, length * 4).toWellFormed()).replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu,
    ' ',
  );
  return cutAtCodePoint(clean.trim(), length).trim() || null;
}

function cutAtCodePoint(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
