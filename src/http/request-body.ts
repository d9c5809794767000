import type { IncomingMessage } from 'node:http';
import { AuthError } from '../errors.js';
import { type AuthRequest, headerOf } from '../auth/request-info.js';

/** The largest body that is read here, in bytes; the parsers of Nest on Express take as much. */
export const MAX_BODY = 100 * 1024;

/** A request of Express or of Fastify, which wraps Node's. */
export type BodyRequest = AuthRequest & { readonly body?: unknown };

/**
 * The body of a request: as a parser of the app left it, or read here where there is none (`bodyParser: false`); then
 * only JSON is read. Throws AuthError `invalid_request`.
 */
export async function bodyOf(request: BodyRequest): Promise<unknown> {
  const source = (request.raw ?? request) as IncomingMessage;
  if (request.body !== undefined || !isJson(request) || source.readableEnded) return request.body;
  const text = (await bytesOf(source)).toString('utf8');
  return text === '' ? undefined : parse(text);
}

function isJson(request: AuthRequest): boolean {
  return /^application\/json *(?:;|$)/i.test(headerOf(request, 'content-type') ?? '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable('malformed_request', 'the body is not JSON');
  }
}

/** What is beyond the limit is read and dropped, so that the client gets to read the answer. */
function bytesOf(source: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else reject(unreadable('body_too_large', `the body has more than ${MAX_BODY} bytes`));
    });
    source.once('end', () => resolve(Buffer.concat(chunks)));
    source.once('close', () => reject(unreadable('malformed_request', 'the body ended early')));
  });
}

function unreadable(reason: 'malformed_request' | 'body_too_large', detail: string): AuthError {
  return new AuthError('invalid_request', reason, { detail });
}
