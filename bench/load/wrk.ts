import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../test/support/servers/binaries.mjs';
import type { Credentials } from '../apps/app-spec.js';
import { USER_AGENT } from '../apps/bench-app.js';

/** What to call `GET /profile` with, and how hard. */
export interface LoadJob {
  url: string;
  credentials: readonly Credentials[];
  connections: number;
  /** Whole seconds. */
  seconds: number;
}

/** What the load saw. */
export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Everything that was not answered with success, by what it was. */
  failures: Record<string, number>;
}

/** Written in C: a load in JavaScript would be the limit of the faster apps, and take the database's core. */
const BINARY = { name: 'wrk', debian: 'wrk' };

/** Every request is by the next device, so that all are asked for alike. */
const SCRIPT = `
local at = 0
request = function()
  at = at % #devices + 1
  return devices[at]
end
init = function()
  for index, headers in ipairs(credentials) do devices[index] = wrk.format("GET", "/profile", headers) end
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
`;

/** Calls an app as hard as it can be called over so many connections, each with one request under way. */
export async function load({ url, credentials, connections, seconds }: LoadJob): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
  const script = join(folder, 'load.lua');
  writeFileSync(script, `devices = {}\ncredentials = {\n${credentials.map(luaTable).join(',\n')}\n}\n${SCRIPT}`);
  try {
    return resultOf(await run(['-t1', '--timeout=30s', `-c${connections}`, `-d${seconds}s`, '-s', script, url]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function luaTable(credentials: Credentials): string {
  const headers = Object.entries({ ...credentials, 'user-agent': USER_AGENT });
  return `{${headers.map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`).join(', ')}}`;
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
