import { steadyTime } from '../../clock.js';
import { type CancelTarget, requestCancel } from './cancel-request.js';
import { type PooledConnection, readOnlyServer, type SqlResult } from './connection-pool.js';
import type { PreparedNames } from './prepared-names.js';
import type { ServerLimits } from './server-limits.js';
import type { SqlRow, SqlValue } from '../sql/sql-value.js';

/** The part of a node-postgres client that is used here. */
export interface PostgresClient extends CancelTarget {
  query(query: {
    name?: string;
    text: string;
    values?: readonly SqlValue[];
  }): Promise<{ rows: SqlRow[]; rowCount: number | null }>;
  on(event: 'error', listener: () => void): unknown;
}

/** A client on loan from its pool. */
export interface LentClient extends PostgresClient {
  release(error?: Error | boolean): void;
}

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const ASK =
  `SELECT pg_backend_pid() AS "pid", current_setting('synchronous_commit') AS "commit", CASE ` +
  `WHEN pg_is_in_recovery() THEN 'it is a standby' ` +
  `WHEN current_setting('transaction_read_only') = 'on' THEN 'transactions are read-only there' END AS "readOnly"`;
/** Behind a pooler another server may answer from one moment to the next; it is asked again after this time. */
const ASK_AGAIN = 1_000;
/** Stronger than what the library sets, and therefore left unchanged. */
const STRONGEST_COMMIT = 'remote_apply';

/** A connection to PostgreSQL, or to a pooler in front of it, and what is known about its server. */
export class PostgresConnection implements PooledConnection {
  wrapsChanges = true;
  #isDirect = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #begin = BEGIN;

  constructor(
    private readonly client: LentClient,
    private readonly names: PreparedNames,
    private readonly limits: ServerLimits,
    private readonly isOurs: boolean,
  ) {}

  /** Whether the server has to be asked again whether it accepts writes. */
  get isDue(): boolean {
    return !this.#isDirect && steadyTime() - this.#askedAt > ASK_AGAIN;
  }

  /**
   * Asks the server about its state, and sets up a connection that only the library uses. Rejects for a read-only
   * server.
   */
  async ask(): Promise<void> {
    const { rows } = await this.client.query({ text: ASK });
    const { pid, commit, readOnly } = rows[0] ?? {};
    if (readOnly) throw readOnlyServer(String(readOnly));
    this.#askedAt = steadyTime();
    const settings = this.#settings(commit === STRONGEST_COMMIT);
    // A pooler reports its own number, and settings of its connection would apply to other clients, too.
    this.#isDirect = Number(pid) === this.client.processID;
    this.wrapsChanges = !this.isOurs || !this.#isDirect;
    if (this.wrapsChanges) this.#begin = [BEGIN, ...settings.map((one) => `SET LOCAL ${one}`)].join('; ');
    else await this.client.query({ text: [...settings.map((one) => `SET ${one}`), ...this.#whenUnused()].join('; ') });
  }

  async execute(sql: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const { rows, rowCount } = await this.client.query({ ...this.names.of(sql), values });
    return { rows, changed: rowCount ?? 0 };
  }

  begin(): Promise<unknown> {
    return this.client.query({ text: this.#begin });
  }

  finish(how: 'COMMIT' | 'ROLLBACK'): Promise<unknown> {
    return this.client.query({ text: how });
  }

  cancel(): Promise<void> {
    return requestCancel(this.client);
  }

  release(broken: boolean): void {
    this.client.release(broken);
  }

  /** Before PostgreSQL 14 there is no such limit; a shorter one that the server has already stays. */
  #whenUnused(): string[] {
    const { unused } = this.limits;
    if (unused === undefined) return [];
    const isLonger = `(setting::bigint = 0 OR setting::bigint > ${unused})`;
    return [
      `SELECT set_config(name, '${unused}', false) FROM pg_settings WHERE name = 'idle_session_timeout' AND ${isLonger}`,
    ];
  }

  #settings(isStrongest: boolean): string[] {
    const { idle, lock, statement } = this.limits;
    return [
      `statement_timeout = ${statement}`,
      `lock_timeout = ${lock}`,
      `idle_in_transaction_session_timeout = ${idle}`,
      // A role may have it off, and then acknowledged changes are lost when the server is killed.
      ...(isStrongest ? [] : ['synchronous_commit = on']),
    ];
  }
}
