/** A request as it went out. */
export interface SentRequest {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

type Step = (path: string, go: () => Promise<Response>) => Promise<Response>;

/** The way to the server: remembers what went out, and does with it as it is told. News never arrive. */
export class Network {
  readonly sent: SentRequest[] = [];
  /** How many times a stream of news was asked for. */
  streams = 0;
  /** What happens to a request; `go` sends it. */
  step: Step = (_path, go) => go();

  /** Each request gets these headers, too. */
  constructor(private readonly extra: Record<string, string> = {}) {}

  readonly fetch: typeof fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(String(input));
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.extra)) headers.set(name, value);
    const path = url.pathname + url.search;
    if (path === '/sessions/events') {
      this.streams += 1;
      return untilAborted(init.signal);
    }
    this.sent.push({ method: init.method ?? 'GET', path, headers, body: init.body });
    return this.step(path, () => fetch(input, { ...init, headers }));
  };

  /** Does this with the requests to one path, and lets the others pass. */
  at(path: string, step: (go: () => Promise<Response>) => Promise<Response>): void {
    this.step = (asked, go) => (asked === path ? step(go) : go());
  }

  /** Lets everything pass again. */
  heal(): void {
    this.step = (_path, go) => go();
  }

  /** How many requests went to a path. */
  count(path: string): number {
    return this.sent.filter((request) => request.path === path).length;
  }

  /** The last request to a path. */
  last(path: string): SentRequest | undefined {
    return this.sent.findLast((request) => request.path === path);
  }
}

/** A request that is never answered. */
export function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

/** As `fetch` fails without a network. */
export async function noNetwork(): Promise<Response> {
  throw new TypeError('fetch failed');
}

/** An answer as the server gives it when it cannot answer, or others in front of it do. */
export async function refused(status: number, headers: Record<string, string> = {}): Promise<Response> {
  return Response.json({ statusCode: status, error: 'Refused', message: 'Not now' }, { status, headers });
}

/** Sends it and loses the answer. */
export async function lost(go: () => Promise<Response>): Promise<Response> {
  await (await go()).text();
  throw new TypeError('fetch failed');
}
