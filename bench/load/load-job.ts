import type { Credentials, SignedIn } from '../contract/app-spec.js';

/** How hard and how long one contender is called. */
export interface LoadOptions {
  connections: number;
  sessions: number;
  warmup: number;
  seconds: number;
}

/** What to call `GET /profile` with, and how hard. */
export interface LoadJob {
  url: string;
  credentials: readonly Credentials[];
  connections: number;
  /** Whole seconds. */
  seconds: number;
  /** Requests per second, as far as the app can keep up. If left out, as many as it can. */
  perSecond?: number;
}

/** A job that calls an app by the devices that are signed in there. */
export function jobOf(
  { url }: { url: string },
  signedIn: readonly SignedIn[],
  { connections, seconds }: Pick<LoadJob, 'connections' | 'seconds'>,
): LoadJob {
  return { url, credentials: signedIn.map(({ credentials }) => credentials), connections, seconds };
}
