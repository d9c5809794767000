import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../test/support/servers/binaries.mjs';
import type { LoadJob } from './load-job.js';
import { scriptOf } from './script.js';

/** The result of a load. */
export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** How many requests failed, by kind of failure. */
  failures: Record<string, number>;
}

/** wrk is written in C. A load in JavaScript would limit the faster apps, and use the core of the database. */
const BINARY = { name: 'wrk', debian: 'wrk' };

/**
 * Calls an app over so many connections, each with one request under way. Latencies count from the sending; wrk itself
 * makes up for requests that were not sent in time because an answer was late.
 */
export async function load(job: LoadJob): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
  const script = join(folder, 'load.lua');
  writeFileSync(script, scriptOf(job));
  try {
    const limits = ['-t1', '--timeout=30s', `-c${job.connections}`, `-d${job.seconds}s`];
    return resultOf(await run([...limits, '-s', script, job.url]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const wrk = spawn(findBinary(BINARY), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    wrk.stdout.on('data', (data) => {
      output += String(data);
    });
    wrk.once('error', fail).once('close', () => done(output));
  });
}

function resultOf(output: string): LoadResult {
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!line) throw new Error(`the load said nothing of its result, but: ${output}`);
  const { requests, us, p50, p99, refused, broken } = JSON.parse(line) as Record<string, number> & { us: number };
  const failures = { 'refused requests': refused ?? 0, 'connection errors': broken ?? 0 };
  return {
    ...{ requests: requests ?? 0, requestsPerSecond: ((requests ?? 0) * 1e6) / us },
    ...{ p50: (p50 ?? 0) / 1_000, p99: (p99 ?? 0) / 1_000 },
    failures: Object.fromEntries(Object.entries(failures).filter(([, count]) => count > 0)),
  };
}
