import { platform } from './platform.js';
import type { SessionClientOptions } from './session-client.js';
import { SessionClientError } from './session-client-error.js';
import type { SessionRecord } from './session-record.js';
import { patiently } from './waiting.js';

/**
 * Sends a request as `fetch` does: to the own server in the name of a session, be it an empty one, and to any other
 * without. Throws SessionClientError `offline` where there is no answer.
 */
export type Send = (input: string | URL, init: RequestInit, session?: SessionRecord) => Promise<Response>;

/** How a client sends, and whether a token may go somewhere: to the origin of `baseUrl`, and no other. */
export function createRequests({
  baseUrl = '',
  transport,
  fetch: given,
}: SessionClientOptions): [Send, (input: string | URL) => boolean] {
  const base = baseUrl.replace(/\/?$/, '/');

  function resolve(input: string | URL): string {
    const url = `${input}`.replace(/^(?!\w+:)\/?/, base);
    const page = platform.location?.href;
    // The same reading decides on the token and goes out. Without a page all is absolute, and stays as it is.
    return page ? new URL(url, page).href : url;
  }

  async function send(input: string | URL, init: RequestInit, session?: SessionRecord): Promise<Response> {
    const url = resolve(input);
    const headers = new Headers(init.headers);
    if (session?.access_token) headers.set('Authorization', `Bearer ${session.access_token}`);
    const cookies = session && transport === 'cookie' && /:/.test(base) && { credentials: 'include' as const };
    try {
      return await (given ?? fetch)(url, { ...cookies, ...init, headers });
    } catch (error) {
      throw init.signal?.aborted ? error : offline(error);
    }
  }
  return [send, (input) => originOf(resolve(input)) === originOf(resolve('/'))];
}

/**
 * Sends `body` as JSON and gives the answer read to its end: one that has `member`, or a 204 where none is named. It
 * follows no redirect, which would take tokens and passwords along. Throws SessionClientError; `offline` after
 * `patience` and for an answer of somebody else, too.
 */
export const ask = <T>(
  send: Send,
  session: SessionRecord,
  method: string,
  path: string,
  member?: string,
  body?: object,
  patience = 10_000,
): Promise<T> =>
  patiently(patience, async ({ signal }) => {
    const content = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await send(path, { method, signal, redirect: 'error', ...content }, session);
    const { ok, status, headers } = response;
    // Nothing is right for 204, and odd for an error.
    const answer = (await response.json().catch(() => ({}))) as T & object & { code?: string; message?: string };
    if (member ? ok && member in answer : status === 204) return answer;
    if (ok) throw status;
    const { code = `http_${status}`, message = code } = answer;
    throw new SessionClientError(codeOf(status, code), message, status, +(headers.get('Retry-After') as string));
  }).catch((error) => {
    throw error instanceof SessionClientError ? error : offline(error);
  });

const codeOf = (status: number, code: string): string =>
  status > 499 ? 'unavailable' : status === 429 ? 'too_many_requests' : code === 'invalid_token' ? 'signed_out' : code;

const offline = (error: unknown) => new SessionClientError('offline', `No answer: ${error}`);

// Not URL.origin, which React Native lacks.
const originOf = (url: string): string => `${url.split('/', 3)}`;
