import { AuthError } from '../errors.js';
import type { ListPage } from './session-store.js';

/** Which page of a list to return. */
export interface PageOptions {
  /**
   * The number of sessions on the page, 1 to 1,000.
   * @default 100
   */
  readonly limit?: number | undefined;
  /** `next` of the previous page. Without it, you get the first page. */
  readonly cursor?: string | undefined;
}

type Place = NonNullable<ListPage['after']>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MOMENT = '(0|[1-9]\\d{0,15})';
const CURSORS = {
  live: new RegExp(`^${MOMENT}_([\\da-fg-]{1,36})$`),
  ended: new RegExp(`^${MOMENT}_${MOMENT}_([\\da-f-]{36})$`),
};

/** Reads the page options. Throws AuthError `invalid_request` for an invalid limit or cursor. */
export function readPage(
  { limit = DEFAULT_LIMIT, cursor }: PageOptions,
  list: keyof typeof CURSORS,
): { limit: number; after: Place | undefined } {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw refusal(`limit should be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return { limit, after: cursor === undefined ? undefined : readCursor(cursor, list) };
}

/** The cursor of the page that begins after this session. It reveals nothing that the list does not show. */
export function cursorOf({ createdAt, guid }: { createdAt: number; guid: string }, endedAt?: number): string {
  return [...(endedAt === undefined ? [] : [endedAt]), createdAt, guid].join('_');
}

function readCursor(cursor: string, list: keyof typeof CURSORS): Place {
  const [, ...parts] = CURSORS[list].exec(cursor) ?? [];
  const guid = parts.pop();
  const moments = parts.map(Number);
  const createdAt = moments.pop();
  if (guid === undefined || createdAt === undefined || ![createdAt, ...moments].every(Number.isSafeInteger)) {
    throw refusal('cursor should be one that a list gave');
  }
  return { guid, createdAt, ...(moments[0] !== undefined && { endedAt: moments[0] }) };
}

function refusal(detail: string): AuthError {
  return new AuthError('invalid_request', 'malformed_request', { detail });
}
