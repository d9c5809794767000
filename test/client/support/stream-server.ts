import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EndReason, SessionView } from '../../../src/client.js';
import { until } from './browser.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A session as the server shows it. */
export function viewOf(guid: string, more: Partial<SessionView> = {}): SessionView {
  return {
    guid,
    current: false,
    name: 'Laptop',
    device: { type: 'desktop', browser: null, os: null },
    ip: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastActiveAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-31T00:00:00.000Z',
    ...more,
  };
}

/** A server whose news a test tells: sign-ins are granted, and answers can be replaced. */
export class StreamServer {
  readonly streams: ServerResponse[] = [];
  /** The requests for the stream, in their order. */
  readonly asked: IncomingMessage[] = [];
  /** Answers in the place of the usual one, by path. */
  readonly instead = new Map<string, Handler>();
  readonly count = new Map<string, number>();
  readonly #server: Server;
  #signIns = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<StreamServer> {
    const started = new StreamServer();
    await new Promise<void>((resolve) => started.#server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The streams that are open now. */
  get open(): ServerResponse[] {
    return this.streams.filter((stream) => !stream.destroyed && !stream.writableEnded);
  }

  /** Waits for this many streams that were ever opened, and gives the last one. */
  async stream(number = 1): Promise<ServerResponse> {
    await until(() => this.streams.length >= number);
    return this.streams[number - 1] as ServerResponse;
  }

  /** Writes one event to every open stream. */
  tell(event: string, data: object, id = 1): void {
    for (const stream of this.open) stream.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Tells of the end of the session that watches, and ends the stream. */
  end(guid: string, endReason: EndReason): void {
    const ended = viewOf(guid, { current: true });
    this.tell('session.revoked', { ...ended, endedAt: ended.lastActiveAt, endReason });
    for (const stream of this.open) stream.end();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.count.set(path, (this.count.get(path) ?? 0) + 1);
    if (path === '/sessions/events') this.asked.push(request);
    const usual: Record<string, Handler> = {
      '/auth/login': (_, to) => json(to, 200, this.#grant(++this.#signIns)),
      '/auth/refresh': (_, to) => json(to, 200, this.#grant(this.#signIns)),
      '/auth/logout': (_, to) => to.writeHead(204).end(),
      '/sessions': (_, to) => json(to, 200, []),
      '/sessions?limit=100': (_, to) => json(to, 200, []),
      '/sessions/events': (_, to) => this.#stream(to),
    };
    (this.instead.get(path) ?? usual[path] ?? ((_, to) => json(to, 404, {})))(request, response);
  }

  #grant(number: number): object {
    const tokens = { access_token: `access-${number}`, refresh_token: 'refresh', expires_in: 300 };
    return { ...tokens, session: viewOf(`guid-${number}`, { current: true }) };
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 2000\nid: 0\n\n');
    this.streams.push(response);
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
