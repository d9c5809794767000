import type { RunningApp } from '../contenders/running-app.js';
import { atHalfLoad } from '../load/half-load.js';
import type { LoadJob } from '../load/load-job.js';

/** The p99 of checks without and with a storm, in milliseconds, and how many sign-ins a second it stored. */
export interface Calm {
  idle: number;
  storm: number;
  signIns: number;
}

/** Measures one warm app: without a storm, then while so many sign-ins come at once, and as many again when they are done. */
export async function measureStorm(
  app: RunningApp,
  job: LoadJob & { perSecond: number },
  signIns: number,
): Promise<Calm> {
  const measured = await atHalfLoad(job);
  await app.storm(crowd(0, signIns));
  const { p99: idle } = await measured();
  let [isOver, storms] = [false, 0];
  const startedAt = performance.now();
  const storming = (async () => {
    while (!isOver) await app.storm(crowd(++storms, signIns));
  })();
  const { p99: storm } = await measured();
  isOver = true;
  await storming;
  return { idle, storm, signIns: (storms * signIns * 1_000) / (performance.now() - startedAt) };
}

function crowd(storm: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `storm-${storm}-${index}`);
}
