import { steadyTime } from '../../clock.js';
import { type PooledConnection, readOnlyServer, type SqlResult } from './connection-pool.js';
import type { QueryKiller } from './kill-query.js';
import { type MysqlClient, promised, type Result } from './mysql-client.js';
import { isMariadb } from '../sql/dialects/mysql.js';
import { limitUnused, type MysqlLimits, mysqlLimits } from './mysql-limits.js';
import type { ServerLimits } from './server-limits.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';

const ASK = 'SELECT @@GLOBAL.read_only AS "readOnly", VERSION() AS "version"'.replaceAll('"', '`');
/** A failover makes a server read-only while connections are open; it is asked again after this time. */
const ASK_AGAIN = 1_000;
/** A connection to MySQL or MariaDB, and what is known about its server. */
export class MysqlConnection implements PooledConnection {
  /** Durability is a setting of the whole server, not of a transaction. */
  readonly wrapsChanges = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** What each transaction sets and restores; undefined if the connection has its limits permanently. */
  #aroundEach: MysqlLimits | undefined;
  /** Whether the limits of a transaction are currently set. */
  #isLimited = false;

  constructor(
    private readonly client: MysqlClient,
    private readonly killer: QueryKiller,
    private readonly write: (sql: string) => string,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
  ) {}

  /** Whether the server has to be asked again whether it accepts writes. */
  get isDue(): boolean {
    return steadyTime() - this.#askedAt > ASK_AGAIN;
  }

  /**
   * Asks the server about its state, and sets up a connection that only the library uses. Rejects for a read-only
   * server.
   */
  async ask(): Promise<void> {
    const [row] = (await this.#query(ASK)) as SqlRow[];
    if (!isOff(row?.readOnly)) throw readOnlyServer('read_only is on there');
    if (this.#askedAt < 0) await this.#setUp(isMariadb(row?.version));
    this.#askedAt = steadyTime();
  }

  async execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const result = await promised((done) => this.client.execute(this.write(sql), values, done));
    return Array.isArray(result) ? { rows: result, changed: 0 } : { rows: [], changed: result.affectedRows };
  }

  async begin(): Promise<void> {
    if (this.#aroundEach) {
      this.#isLimited = true;
      await this.#query(this.#aroundEach.set);
    }
    await this.#query('START TRANSACTION');
  }

  async finish(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.#query(how);
    if (this.#aroundEach) await this.#query(this.#aroundEach.setBack);
    this.#isLimited = false;
  }

  cancel(): Promise<void> {
    return this.killer.kill(this.client);
  }

  release(broken: boolean): void {
    // Settings that are left on it would affect the app.
    if (broken || this.#isLimited) this.client.destroy();
    else this.client.release();
  }

  /** MySQL can only limit idle connections: ours may be idle for long, but not in a transaction. */
  async #setUp(isMariadb: boolean): Promise<void> {
    const limits = mysqlLimits(this.limits, isMariadb);
    if (this.isOurs && this.limits.unused !== undefined) await this.#query(limitUnused(this.limits.unused));
    if (this.isOurs && isMariadb) await this.#query(limits.set);
    else this.#aroundEach = limits;
  }

  #query(sql: string): Promise<Result> {
    return promised((done) => this.client.query(sql, done));
  }
}

/** Newer versions of MariaDB have more than one way to be read-only, and return them as names. */
function isOff(value: SqlValue | undefined): boolean {
  return value === 'OFF' || (value !== undefined && value !== null && Number(value) === 0);
}
