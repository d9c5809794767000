import type { KeyOption, TokenPair } from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { headerOf } from '../support/client.js';
import type { TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcess } from '../support/process/app-process.js';

interface Node {
  process: AppProcess;
  underWay: number;
}

/** Processes behind a load balancer of sorts, replaced one after the other while clients go on. */
export class Fleet {
  readonly #nodes: Node[] = [];

  constructor(private readonly database: TestDatabase) {}

  async start(size: number, keys: readonly KeyOption[]): Promise<void> {
    for (let n = 0; n < size; n++) this.#nodes.push(await this.#startNode(keys));
  }

  /** A rolling deployment: each process is replaced by one with these keys, once its requests are answered. */
  async roll(keys: readonly KeyOption[]): Promise<void> {
    for (const [at, former] of [...this.#nodes].entries()) {
      this.#nodes[at] = await this.#startNode(keys);
      while (former.underWay > 0) await new Promise(setImmediate);
      await former.process.stop();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map(({ process }) => process.stop()));
  }

  /** One request to one of the processes. */
  async request<T>(send: (client: AppProcess['client']) => Promise<T>): Promise<T> {
    const node = this.#nodes[Math.floor(Math.random() * this.#nodes.length)] as Node;
    node.underWay++;
    try {
      return await send(node.process.client);
    } finally {
      node.underWay--;
    }
  }

  async #startNode(keys: readonly KeyOption[]): Promise<Node> {
    const { options: database } = this.database;
    return { process: await startProcess({ auth: { keys, database, migrate: true } }), underWay: 0 };
  }
}

/** A signed-in client under load: calls, renews now and then, and keeps every token it ever had. */
export class LoadClient {
  readonly tokens: { kind: 'access' | 'refresh'; kid: unknown; token: string }[] = [];
  readonly refused: string[] = [];
  calls = 0;
  #pair!: TokenPair;

  constructor(private readonly fleet: Fleet) {}

  async signIn(userId: string): Promise<void> {
    const { body } = await this.fleet.request((node) => node.call<TokenPair>('POST', '/open', { body: { userId } }));
    this.#keep(body);
  }

  /** Calls until told otherwise, renewing every so often. */
  async work(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.call();
      if (this.calls % 7 === 0) await this.renew();
    }
  }

  async call(): Promise<void> {
    const { access_token } = this.#pair;
    const { status } = await this.fleet.request((node) => node.profile(access_token));
    this.calls++;
    if (status !== 200)
      this.refused.push(`GET /profile answered ${status} to ${JSON.stringify(headerOf(access_token))}`);
  }

  async renew(): Promise<void> {
    const { refresh_token } = this.#pair;
    const { status, body } = await this.fleet.request((node) => node.refresh(refresh_token));
    if (status === 200) this.#keep(body);
    else this.refused.push(`a renewal answered ${status} to ${JSON.stringify(headerOf(refresh_token))}`);
  }

  #keep(pair: TokenPair): void {
    this.#pair = pair;
    const { access_token: access, refresh_token: refresh } = pair;
    this.tokens.push({ kind: 'access', kid: headerOf(access).kid, token: access });
    this.tokens.push({ kind: 'refresh', kid: headerOf(refresh).kid, token: refresh });
  }
}

/** A second secret of the tests. */
export const OTHER_SECRET = `${SECRET}, and neither is this one`;
