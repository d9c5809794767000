import type { ServerLimits } from './server-limits.js';

/** Statements that set limits on a connection, and that restore the previous values. */
export interface MysqlLimits {
  readonly set: string;
  readonly setBack: string;
}

/** The limits as settings of MariaDB, and of MySQL, which has no limit for idle transactions and none for changes. */
export function mysqlLimits(limits: ServerLimits, isMariadb: boolean): MysqlLimits {
  const [idle, lock] = [seconds(limits.idle), seconds(limits.lock)];
  const settings = {
    innodb_lock_wait_timeout: lock,
    lock_wait_timeout: lock,
    ...(isMariadb
      ? { idle_transaction_timeout: idle, max_statement_time: limits.statement / 1_000 }
      : { wait_timeout: idle, max_execution_time: limits.statement }),
  };
  const names = Object.keys(settings);
  const kept = names.map((name) => `@session_registry_${name} = @@SESSION.${name}`);
  const made = Object.entries(settings).map(([name, value]) => `SESSION ${name} = ${value}`);
  const back = names.map((name) => `SESSION ${name} = @session_registry_${name}`);
  return { set: `SET ${[...kept, ...made].join(', ')}`, setBack: `SET ${back.join(', ')}` };
}

/** The statement that limits how long the server keeps this connection while nobody uses it, in milliseconds. */
export function limitUnused(milliseconds: number): string {
  return `SET SESSION wait_timeout = LEAST(@@SESSION.wait_timeout, ${seconds(milliseconds)})`;
}

/** Whole seconds, and at least one: the servers do not support shorter limits. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1_000));
}
