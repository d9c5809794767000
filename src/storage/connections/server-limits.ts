/**
 * How long the server itself goes on with what it was asked, in milliseconds: each is shorter than a request waits, so
 * that nothing runs on there for a request that was given up, and no lock outlives the process that took it.
 */
export interface ServerLimits {
  /** For a transaction whose process says nothing: it may be stopped, or its host gone. */
  readonly idle: number;
  /** For a lock that somebody else holds. */
  readonly lock: number;
  /** For one statement. */
  readonly statement: number;
}

/** The limits that fit a request which waits for so many milliseconds. Locks are waited for longer than a stall lasts. */
export function limitsFor(timeout: number): ServerLimits {
  return {
    idle: Math.ceil(timeout * 0.5),
    lock: Math.ceil(timeout * 0.625),
    statement: Math.ceil(timeout * 0.75),
  };
}
