import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * How the connection to the server is broken. `down`: nobody listens. `hang`: nothing comes through any more. `reset`: every
 * connection is reset. `slow`: every chunk takes `delay` milliseconds. `cut`: replies break off after a few bytes.
 * `cut after commit`: a change reaches the server and its reply never comes back.
 */
export type Fault = 'none' | 'down' | 'hang' | 'reset' | 'slow' | 'cut' | 'cut after commit';

const CUT_AT = 7;
const CHANGE = /COMMIT|UPDATE|INSERT/;

/** A TCP proxy between an app and its database, to be broken in the ways networks break. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #fault: Fault = 'none';
  #port = 0;
  delay = 100;

  constructor(private target: { host: string; port: number }) {
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Starts listening; resolves to the URL of the database by way of the proxy. */
  static async before(url: string): Promise<{ proxy: TcpProxy; url: string }> {
    const target = new URL(url);
    const proxy = new TcpProxy({ host: target.hostname, port: Number(target.port) });
    await proxy.#listen();
    return { proxy, url: Object.assign(target, { port: String(proxy.#port) }).href };
  }

  /** Breaks the connection, or repairs it. */
  async become(fault: Fault): Promise<void> {
    const wasDown = this.#fault === 'down';
    this.#fault = fault;
    if (fault === 'down') await this.#close();
    else if (wasDown) await this.#listen();
    if (fault === 'reset') this.#resetAll();
    // A connection that hung does not recover: a repaired network does not deliver lost packets into a closed window.
    if (fault === 'none') this.#endAll();
  }

  /** Leads to another server from now on; connections to the one before are closed. */
  leadTo(url: string): void {
    const { hostname: host, port } = new URL(url);
    this.target = { host, port: Number(port) };
    this.#endAll();
  }

  /** What a network does to connections that were silent for long: both ends believe in them, and nothing comes through. */
  forget(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.removeAllListeners('data').resume();
  }

  async stop(): Promise<void> {
    if (this.#fault !== 'down') await this.#close();
  }

  #accept(client: Socket): void {
    if (this.#fault === 'reset') return void client.resetAndDestroy();
    const server = connect(this.target.port, this.target.host);
    const pair: [Socket, Socket] = [client, server];
    this.#pairs.add(pair);
    this.#pipe(client, server, 'up', pair);
    this.#pipe(server, client, 'down', pair);
  }

  #pipe(from: Socket, to: Socket, direction: 'up' | 'down', pair: [Socket, Socket]): void {
    from.on('data', (chunk) => this.#forward(chunk, to, direction, pair));
    from.on('error', () => this.#end(pair));
    from.on('close', () => this.#end(pair));
  }

  #forward(chunk: Buffer, to: Socket, direction: 'up' | 'down', pair: [Socket, Socket]): void {
    if (this.#fault === 'hang') return;
    if (this.#fault === 'slow') return void setTimeout(() => to.writable && to.write(chunk), this.delay);
    if (this.#fault === 'cut' && direction === 'down') {
      to.write(chunk.subarray(0, CUT_AT), () => this.#end(pair));
      return;
    }
    if (this.#fault === 'cut after commit' && direction === 'up' && CHANGE.test(chunk.toString('latin1'))) {
      pair[1].removeAllListeners('data').on('data', () => this.#end(pair));
    }
    to.write(chunk);
  }

  #end(pair: [Socket, Socket]): void {
    this.#pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }

  #endAll(): void {
    for (const pair of this.#pairs) this.#end(pair);
  }

  #resetAll(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(this.#port, '127.0.0.1', done));
    const address = this.#server.address();
    if (address !== null && typeof address !== 'string') this.#port = address.port;
  }

  async #close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#endAll();
    await closed;
  }
}
