import autocannon, { type Connection, type Request, type Result } from 'autocannon';
import { USER_AGENT } from '../apps/bench-app.js';
import { ascending, percentile } from '../support/statistics.js';
import { serve } from '../support/answering.js';
import type { LoadJob, LoadResult } from './load-job.js';

const SAMPLE = 50;

serve('ready', run);

/** Every connection belongs to as many devices as any other, and goes round them. */
async function run({ url, tokens, connections, seconds }: LoadJob): Promise<LoadResult> {
  const shares = Array.from({ length: connections }, (_, share) =>
    tokens.filter((_token, index) => index % connections === share).map(requestWith),
  );
  const latencies: number[] = [];
  let [next, startedAt] = [0, 0];
  const setupClient = (connection: Connection) => connection.setRequests(shares[next++ % connections] ?? []);
  const firing = autocannon({ url, connections, duration: seconds, sampleInt: SAMPLE, setupClient });
  firing.on('start', () => {
    startedAt = performance.now();
  });
  firing.on('response', (_connection, _status, _bytes, milliseconds) => latencies.push(milliseconds));
  return summarize(await firing, latencies, (performance.now() - startedAt) / 1_000);
}

function requestWith(token: string): Request {
  return { method: 'GET', path: '/profile', headers: { authorization: `Bearer ${token}`, 'user-agent': USER_AGENT } };
}

function summarize(result: Result, latencies: number[], seconds: number): LoadResult {
  const [requests, sorted] = [latencies.length, ascending(latencies)];
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  return { requests, requestsPerSecond: requests / seconds, p50, p99, failures: failuresOf(result) };
}

function failuresOf({ errors, statusCodeStats }: Result): Record<string, number> {
  const statuses = Object.entries(statusCodeStats).filter(([status]) => status !== '200');
  const failures = Object.fromEntries(statuses.map(([status, { count }]) => [status, count]));
  return errors > 0 ? { ...failures, 'connection errors': errors } : failures;
}
