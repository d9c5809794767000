import type { AbstractHttpAdapter } from '@nestjs/core';

const SET_COOKIE = 'Set-Cookie';

/** Adds a Set-Cookie line to a response, on any adapter, and keeps those that the app has set. */
export function appendCookie(adapter: AbstractHttpAdapter, response: unknown, line: string): void {
  const before = linesOf(adapter, response);
  adapter.appendHeader(response, SET_COOKIE, line);
  // Fastify under Nest 11 drops the lines that a middleware set on Node's own response.
  const after = linesOf(adapter, response);
  for (const lost of before.filter((one) => !after.includes(one))) adapter.appendHeader(response, SET_COOKIE, lost);
}

function linesOf(adapter: AbstractHttpAdapter, response: unknown): readonly string[] {
  return [(adapter.getHeader(response, SET_COOKIE) as string | string[] | undefined) ?? []].flat();
}
