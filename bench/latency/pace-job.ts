import type { Credentials } from '../apps/app-spec.js';

/** What the process of the steady load is to do: so many requests a second, for so long. */
export interface PaceJob {
  url: string;
  credentials: readonly Credentials[];
  connections: number;
  perSecond: number;
  seconds: number;
}

/** Milliseconds from when a request was due to when it was answered. */
export interface PaceResult {
  requests: number;
  p50: number;
  p99: number;
  failures: number;
}
