import type { TestDatabase } from '../../test/support/databases.js';
import { RunningApp, type Surroundings } from '../contenders/running-app.js';
import type { AppSpec, SignedIn } from '../contract/app-spec.js';
import { rateOf } from '../load/rate.js';
import type { BenchOptions } from '../support/options.js';

/** How many of the devices call. */
const SAMPLE = 20_000;

/** A database with so many rows, and so many of each user. */
export interface Filled {
  database: TestDatabase;
  rows: number;
  perUser: number;
}

/** The options of an app on such rows. */
export function specOf({ database, perUser }: Filled, { urls }: Surroundings): AppSpec {
  // A purge takes longer than the access tokens of the other apps live.
  const options = { perUser, purge: false, accessTtl: '1h' };
  return { app: 'grown', adapter: 'express', servers: urls, options, database: database.options };
}

/** Runs `work` with an app over these rows, and devices spread over all of them. */
export async function onRows<T>(
  filled: Filled,
  surroundings: Surroundings,
  work: (app: RunningApp, signedIn: readonly SignedIn[]) => Promise<T>,
): Promise<T> {
  const app = await RunningApp.start(specOf(filled, surroundings), surroundings);
  try {
    const step = filled.rows / Math.min(SAMPLE, filled.rows);
    const rows = Array.from({ length: Math.min(SAMPLE, filled.rows) }, (_, index) => String(Math.floor(index * step)));
    return await work(app, await app.signIn(rows));
  } finally {
    await app.stop();
  }
}

/** Requests a second of an app over these rows. */
export function rateOn(filled: Filled, options: BenchOptions, surroundings: Surroundings): Promise<number> {
  return onRows(filled, surroundings, ({ url }, signedIn) => rateOf(url, signedIn, options));
}
