import type { ListSessionsQuery } from './dto/sessions.dto.js';

/** What is read of a request to say where its next page is; Express and Fastify have it. */
export interface PagedRequest {
  /** The path and the query as the client sent them, whatever prefix and version they have. */
  readonly originalUrl: string;
}

/** The number in the query; NaN for what is none. */
export function limitOf({ limit }: ListSessionsQuery): number | undefined {
  if (limit === undefined) return undefined;
  return /^\d{1,9}$/.test(limit) ? Number(limit) : Number.NaN;
}

/** The header that leads to the next page (RFC 8288), with the query of this one as far as it is ours. */
export function nextLink({ originalUrl }: PagedRequest, { state, limit }: ListSessionsQuery, cursor: string): string {
  const query = new URLSearchParams({ ...(state && { state }), ...(limit && { limit }), cursor });
  // Two slashes in front would name another host, and a bracket would end the header's `<...>`.
  const path = (originalUrl.split('?', 1)[0] ?? '').replace(/^\/+/, '/').replace(/[<>\\\s]/g, encodeURIComponent);
  return `<${path}?${query}>; rel="next"`;
}
