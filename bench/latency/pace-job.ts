import type { Credentials } from '../apps/app-spec.js';

/** What the process of the steady load is to do: so many requests a second, for so long. */
export interface PaceJob {
  url: string;
  credentials: readonly Credentials[];
  connections: number;
  perSecond: number;
  seconds: number;
}

/** What the load saw. */
export interface PaceResult {
  /** Of each request from when it was due to when it was answered, in milliseconds. */
  latencies: number[];
  failures: number;
}
