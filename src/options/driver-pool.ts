/** The part of a `Pool` of `pg` by which it is recognized. */
export interface PgPoolShape {
  connect(...values: never[]): unknown;
  query(...values: never[]): unknown;
}

/** The part of a pool of `mysql2` or `mysql2/promise` by which it is recognized. */
export interface MysqlPoolShape {
  getConnection(...values: never[]): unknown;
  query(...values: never[]): unknown;
}

/** The part of a `Database` of `better-sqlite3` by which it is recognized. */
export interface SqliteShape {
  prepare(...values: never[]): unknown;
  pragma(...values: never[]): unknown;
  exec(...values: never[]): unknown;
}

/** The part of a `DatabaseSync` of `node:sqlite` by which it is recognized. */
export interface NodeSqliteShape {
  prepare(...values: never[]): unknown;
  exec(...values: never[]): unknown;
  open(...values: never[]): unknown;
}

/**
 * What an app has of its driver anyway: a `Pool` of `pg`, a pool of `mysql2` or `mysql2/promise`, a `Database` of
 * `better-sqlite3`, or a `DatabaseSync` of `node:sqlite`. Recognized by what it can do.
 */
export type DriverPool = PgPoolShape | MysqlPoolShape | SqliteShape | NodeSqliteShape;
