import { boundClientInfo, type ClientInfo } from '../sessions/client-info.js';

/** The part of a request that is read here; requests of Express and of Fastify both have it. */
export interface AuthRequest {
  /** As reported by the framework: set its `trust proxy` if there is a proxy in front. */
  readonly ip?: string | undefined;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>> | undefined;
  readonly method?: string | undefined;
  /** Names and values in turn, as Node read them; Fastify keeps them on `raw`. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly raw?: { readonly rawHeaders?: readonly string[] | undefined } | undefined;
}

/** What the request says about its client, limited in length and cleaned. */
export function clientInfoOf(request: AuthRequest = {}): ClientInfo {
  return boundClientInfo({ userAgent: headerOf(request, 'user-agent'), ip: request.ip });
}

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), or undefined if there is none. */
export function bearerTokenOf(request: AuthRequest = {}): string | undefined {
  const header = headerOf(request, 'authorization');
  return header !== undefined && /^bearer /i.test(header)
    ? header.slice('bearer '.length).replace(/^ +/, '')
    : undefined;
}

/** The first header of this name, which is in lower case. */
export function headerOf(request: AuthRequest, name: string): string | undefined {
  const value = request.headers?.[name];
  return Array.isArray(value) ? value[0] : value;
}
