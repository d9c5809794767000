import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AuthError } from 'nestjs-session-registry';
import { type BodyRequest, bodyOf, MAX_BODY } from '../../../src/http/request-body.js';

/** A request whose body was not read yet, of these pieces. */
function unread(pieces: (string | Buffer)[], contentType: string | undefined = 'application/json'): BodyRequest {
  const headers = { 'content-type': contentType };
  return Object.assign(Readable.from(pieces.map((piece) => Buffer.from(piece))), { headers });
}

/** The reason and the message of a refusal. */
async function refusalOf(request: BodyRequest): Promise<unknown> {
  const error = await bodyOf(request).catch((cause: unknown) => cause);
  return error instanceof AuthError ? [error.code, error.reason, error.message] : error;
}

describe('the body of a request', () => {
  it('is what a parser of the app made of it', async () => {
    const body = { refresh_token: 'x' };
    expect(await bodyOf({ ...unread(['{}']), body })).toBe(body);
  });

  it('is read where there is no parser, as JSON alone', async () => {
    expect(await bodyOf(unread(['{"name":', '"Büro"}']))).toEqual({ name: 'Büro' });
    const letter = Buffer.from('"ü"');
    expect(await bodyOf(unread([letter.subarray(0, 2), letter.subarray(2)]))).toBe('ü');
    expect(await bodyOf(unread(['{"a":1}'], 'Application/JSON; charset=utf-8'))).toEqual({ a: 1 });
    for (const type of ['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', '']) {
      expect(await bodyOf(unread(['{"a":1}'], type))).toBeUndefined();
    }
  });

  it('is undefined if there is none, or if somebody has read it', async () => {
    expect(await bodyOf(unread([]))).toBeUndefined();
    const spent = unread(['{}']) as Readable & BodyRequest;
    await spent.toArray();
    expect(await bodyOf(spent)).toBeUndefined();
  });

  it('is read from the request that Fastify wraps', async () => {
    const raw = unread(['{"a":1}']);
    expect(await bodyOf({ headers: raw.headers, raw: raw as never })).toEqual({ a: 1 });
  });

  it('is refused if it is not JSON, too large, or ends early', async () => {
    expect(await refusalOf(unread(['{']))).toEqual(['invalid_request', 'malformed_request', 'the body is not JSON']);
    const largest = JSON.stringify('a'.repeat(MAX_BODY - 2));
    expect(await bodyOf(unread([largest]))).toHaveLength(MAX_BODY - 2);
    expect(await refusalOf(unread([largest, ' ']))).toEqual([
      ...['invalid_request', 'body_too_large', `the body has more than ${MAX_BODY} bytes`],
    ]);
    const cut = Object.assign(new Readable({ read: () => {} }), { headers: unread([]).headers });
    const reading = refusalOf(cut as BodyRequest);
    cut.destroy();
    expect(await reading).toEqual(['invalid_request', 'malformed_request', 'the body ended early']);
  });
});
