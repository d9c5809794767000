import type { MysqlClient, MysqlModule } from './mysql-client.js';

const PATIENCE = 1_000;
/** What a connection needs from the settings of another one to reach the same server. */
const WAY = ['host', 'port', 'socketPath', 'user', 'password', 'ssl', 'authPlugins'];

/** Cancels statements at a MySQL or MariaDB server, over a separate connection that lives for one statement. */
export class QueryKiller {
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly mysql: MysqlModule) {}

  /**
   * Cancels what this connection is doing. One at a time, so that there is at most one connection more than the pool
   * has.
   */
  kill(client: MysqlClient): Promise<void> {
    this.#last = this.#last.then(() => this.#kill(client));
    return this.#last;
  }

  #kill({ threadId, config }: MysqlClient): Promise<void> {
    const way = Object.fromEntries(WAY.map((name) => [name, config[name]]));
    const killer = this.mysql.createConnection({ ...way, connectTimeout: PATIENCE });
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      killer.on('error', () => resolve());
      killer.query(`KILL QUERY ${Number(threadId)}`, () => resolve());
      timer.unref();
    }).finally(() => killer.destroy());
  }
}
