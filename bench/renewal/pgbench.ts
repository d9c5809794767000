import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../test/support/servers/binaries.mjs';

/** How often a second pgbench runs one prepared UPDATE of a single session by its primary key. */
export function pgbench(url: string, connections: number, seconds: number, on: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pgbench-'));
  const script = join(folder, 'update.sql');
  writeFileSync(
    script,
    `\\set n random(1, 1000)\nUPDATE sessions SET "lastActiveAt" = "lastActiveAt" + 1 WHERE "guid" = 'pgbench-' || :n;\n`,
  );
  const binary = findBinary({ name: 'pgbench', debian: 'postgresql' });
  const load = ['-n', '-M', 'prepared', '-c', String(connections), '-j', '1', '-T', String(seconds), '-f', script];
  const [command = '', ...args] = [...on, binary, ...load, url];
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (!rate) throw new Error(`pgbench said no rate, but: ${stdout}${stderr}`);
  return Number(rate);
}
