/** What Express and Fastify know about a request once its route was found. */
interface RoutedRequest {
  readonly method?: unknown;
  readonly route?: { readonly path?: unknown };
  readonly routeOptions?: { readonly url?: unknown };
}

/** A request as a log may name it: method and pattern of its route, never its URL, which contains ids and more. */
export function routeOf(request: unknown): string | undefined {
  const { method, route, routeOptions } = (request ?? {}) as RoutedRequest;
  if (typeof method !== 'string') return undefined;
  return `${method} ${String(route?.path ?? routeOptions?.url ?? '(no route)')}`;
}
