/** What the load process is to do: call `GET /profile` with these tokens for so long. */
export interface LoadJob {
  url: string;
  tokens: readonly string[];
  connections: number;
  seconds: number;
}

/** What the load process saw. */
export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Everything that was not answered 200, by what it was. */
  failures: Record<string, number>;
}
