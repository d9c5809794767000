/**
 * How long the server itself works on a statement, in milliseconds. Each limit is shorter than a request waits, so that
 * nothing runs there for a request that was given up, and no lock outlives the process that took it.
 */
export interface ServerLimits {
  /** For a transaction whose process is silent: it may be stopped, or its host gone. */
  readonly idle: number;
  /** For a lock that another transaction holds. */
  readonly lock: number;
  /** For one statement. */
  readonly statement: number;
  /** For a connection that nobody uses, where the process may be frozen; otherwise the server keeps it. */
  readonly unused?: number | undefined;
}

/**
 * The limits for a request that waits for this many milliseconds. The limit for locks is longer than that for silent
 * transactions. `unused` is that for an unused connection.
 */
export function limitsFor(timeout: number, unused?: number): ServerLimits {
  return {
    idle: Math.ceil(timeout * 0.5),
    lock: Math.ceil(timeout * 0.625),
    statement: Math.ceil(timeout * 0.75),
    unused,
  };
}
