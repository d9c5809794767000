import { platform } from './platform.js';
import type { SessionClientOptions } from './session-client.js';
import { SessionClientError } from './session-client-error.js';
import type { SessionRecord } from './session-record.js';
import { patiently } from './waiting.js';

/**
 * Sends a request like `fetch`: to the library's server as the given session, which may be empty, and to any other
 * server without it. Throws SessionClientError `offline` if there is no answer.
 */
export type Send = (input: string | URL, init: RequestInit, session?: SessionRecord) => Promise<Response>;

/** How a client sends, and whether a token may be sent to an address: only to the origin of `baseUrl`. */
export function createRequests({
  baseUrl = '',
  transport,
  fetch: given,
}: SessionClientOptions): [Send, (input: string | URL) => boolean] {
  const base = baseUrl.replace(/\/?$/, '/');

  function resolve(input: string | URL): string {
    const url = `${input}`.replace(/^(?!\w+:)\/?/, base);
    const page = platform.location?.href;
    // The token depends on the same address that is requested. Without a page it has to be absolute, and is not
    // changed.
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
 * Sends `body` as JSON and returns the complete answer: one that has `member`, or a 204 if none is named. It does not
 * follow redirects, which would send tokens and passwords along. Throws SessionClientError; `offline` also after
 * `patience`, and for an answer that is not from this server.
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
    // An empty body is right for a 204, and odd for an error.
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
