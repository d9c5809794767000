import { type ParsedUrlQuery, parse } from 'node:querystring';
import type { ListSessionsQuery } from './dto/sessions.dto.js';

/** What is read from a request to build the link to its next page; Express and Fastify both have it. */
export interface PagedRequest {
  /** The path and the query as the client sent them, with any prefix and version. */
  readonly originalUrl: string;
}

/**
 * The query of a request, read from its URL: a parser that the app has set could lose a part of it, and then "the others"
 * would be "all".
 */
export function queryOf({ originalUrl }: PagedRequest): ParsedUrlQuery {
  const start = originalUrl.indexOf('?');
  return parse(start < 0 ? '' : originalUrl.slice(start + 1));
}

/** The number in the query; NaN for anything else. */
export function limitOf({ limit }: ListSessionsQuery): number | undefined {
  if (limit === undefined) return undefined;
  return /^\d{1,9}$/.test(limit) ? Number(limit) : Number.NaN;
}

/** The header with the link to the next page (RFC 8288), with the known parameters of this request's query. */
export function nextLink({ originalUrl }: PagedRequest, { state, limit }: ListSessionsQuery, cursor: string): string {
  const query = new URLSearchParams({ ...(state && { state }), ...(limit && { limit }), cursor });
  // Two leading slashes would name another host, and a bracket would end the header's `<...>`.
  const path = (originalUrl.split('?', 1)[0] ?? '').replace(/^\/+/, '/').replace(/[<>\\\s]/g, encodeURIComponent);
  return `<${path}?${query}>; rel="next"`;
}
