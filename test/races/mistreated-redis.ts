import { setTimeout as pause } from 'node:timers/promises';
import type { RedisServer } from '../support/servers/redis-server.mjs';

/** What is done to a server while clients go on. Each leaves it running. */
export type Mistreatment = 'restart' | 'pause' | 'flush';

/** Does one thing after another to Redis servers, with time to recover between, until told otherwise. */
export class MistreatedRedis {
  readonly done: Record<Mistreatment, number> = { restart: 0, pause: 0, flush: 0 };
  #goesOn = true;
  #work: Promise<void> | undefined;

  constructor(
    private readonly servers: readonly RedisServer[],
    /** How long it is left alone between, in milliseconds. */
    private readonly peace: number,
  ) {}

  start(): void {
    this.#work = this.#mistreat();
  }

  async stop(): Promise<void> {
    this.#goesOn = false;
    await this.#work;
  }

  async #mistreat(): Promise<void> {
    for (let round = 0; this.#goesOn; round++) {
      const server = this.servers[round % this.servers.length] as RedisServer;
      // What is saved here is old by the time it is loaded: copies of sessions that have ended since.
      await server.save();
      await pause(this.peace);
      await this.#do((['restart', 'flush', 'pause'] as const)[round % 3] ?? 'flush', server);
    }
  }

  async #do(what: Mistreatment, server: RedisServer): Promise<void> {
    this.done[what]++;
    if (what === 'flush') return void (await server.flush());
    if (what === 'restart') {
      await server.kill();
      return server.start();
    }
    await server.pause();
    await pause(1_500);
    await server.resume();
  }
}
