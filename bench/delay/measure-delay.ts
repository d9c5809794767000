import { claimsOf } from '../../test/support/client.js';
import { ascending, percentile } from '../../test/support/statistics.js';
import type { Contender } from '../contenders/contender.js';
import { type RunningApp, type Surroundings, withApps } from '../contenders/running-app.js';
import { tokenOf } from '../contract/app-spec.js';
import { Child } from '../support/child.js';
import { usersOf } from '../support/users.js';
import type { DelayJob, Observation, Victim } from './delay-job.js';

/** Small enough that the access tokens of a batch live much longer than the batch takes. */
const BATCH = 500;

/** How many sessions are ended, and how. */
export interface DelayOptions {
  processes: number;
  revokes: number;
  atOnce: number;
  /** Milliseconds after which a session that is still accepted fails the bench. */
  patience: number;
}

/** How long sign-outs took to hold everywhere. All times are in milliseconds. */
export interface DelaySummary {
  id: string;
  title: string;
  processes: number;
  revokes: number;
  /** Sign-outs after which a request was accepted that began after the acknowledgement. */
  late: number;
  p50: number;
  p99: number;
  max: number;
  /** The time from one call of a process to the next. */
  interval: { p50: number; p99: number };
  calls: number;
  seconds: number;
}

/** Ends sessions on several processes with one database, and measures how long any of them still accepts their tokens. */
export function measureDelay(
  contender: Contender,
  options: DelayOptions,
  surroundings: Surroundings,
): Promise<DelaySummary> {
  return withApps(contender, options.processes, surroundings, async (apps) => {
    const startedAt = performance.now();
    const observations = await observeAll(apps, options);
    const { id, title } = contender;
    const seconds = (performance.now() - startedAt) / 1_000;
    return { id, title, processes: apps.length, ...summarize(observations), seconds };
  });
}

async function observeAll(apps: readonly RunningApp[], options: DelayOptions): Promise<Observation[]> {
  const { child: clients } = await Child.start({ main: 'delay/delay-main.ts' });
  const { atOnce, patience } = options;
  const observations: Observation[] = [];
  try {
    while (observations.length < options.revokes) {
      const victims = await openVictims(apps, Math.min(BATCH, options.revokes - observations.length));
      const job: DelayJob = { urls: apps.map(({ url }) => url), victims, atOnce, patience };
      observations.push(...(await clients.ask<Observation[]>(job)));
    }
  } finally {
    await clients.stop();
  }
  return observations;
}

/** Every other one will be ended from another device of its user. */
async function openVictims(apps: readonly RunningApp[], count: number): Promise<Victim[]> {
  const users = usersOf(count);
  const others = await openOn(
    apps,
    users.filter((_, index) => index % 2 === 0),
  );
  const victims = await openOn(apps, users);
  return users.map((userId) => {
    const token = victims.get(userId) ?? '';
    return { guid: String(claimsOf(token).guid), token, by: others.get(userId) };
  });
}

async function openOn(apps: readonly RunningApp[], users: readonly string[]): Promise<Map<string, string>> {
  const opened = await Promise.all(
    apps.map((app, turn) => app.signIn(users.filter((_, index) => index % apps.length === turn))),
  );
  return new Map(opened.flat().map((session) => [session.userId, tokenOf(session)]));
}

function summarize(observations: readonly Observation[]): Omit<DelaySummary, 'id' | 'title' | 'processes' | 'seconds'> {
  const delays = ascending(observations.map(({ delay }) => delay));
  const times = ascending(observations.flatMap(({ intervals }) => intervals));
  return {
    revokes: delays.length,
    late: delays.filter((delay) => delay > 0).length,
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    max: percentile(delays, 1),
    interval: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    calls: observations.reduce((sum, { calls }) => sum + calls, 0),
  };
}
