import type { SqlRow, SqlValue } from '../sql/sql-value.js';

/** The result of a statement: rows, or how many it changed. */
export type Result = SqlRow[] | { affectedRows: number };
type Callback = (error: Error | null, result: Result) => void;

/** The part of a mysql2 connection that is used here. */
export interface MysqlClient {
  readonly threadId: number | null;
  readonly config: Readonly<Record<string, unknown>>;
  execute(sql: string, values: readonly SqlValue[], done: Callback): void;
  query(sql: string, done: Callback): void;
  release(): void;
  destroy(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** The part of the mysql2 module that is used here. */
export interface MysqlModule {
  createConnection(options: object): Pick<MysqlClient, 'query' | 'destroy' | 'on'>;
}

/** Turns a call with a callback into a promise. */
export function promised(start: (done: Callback) => void): Promise<Result> {
  return new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));
}
