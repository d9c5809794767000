import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../bench/report/report.js';

const SHORT = ['--rounds=1', '--seconds=1', '--warmup=1', '--sessions=50', '--revokes=4', '--processes=2'];

/** Runs the bench over the sources: whether it works is asked here, not how fast anything is. */
function bench(...args: string[]) {
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './test/support/process/ts-loader.mjs', 'bench/checks.ts', ...SHORT, `--out=${out}`, ...args],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', BENCH_LIBRARY: 'src' } },
  );
  return { status, stdout, stderr, out };
}

describe('bench:checks', () => {
  it('prints a row for every contender, and writes every round beside it', () => {
    const { status, stdout, stderr, out } = bench('--only=no-guard,session');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toMatch(/^no guard +– +[\d,]+ \([\d,]+–[\d,]+\) .* \d\.\d\d +–$/m);
    expect(stdout).toMatch(/^session +at once +[\d,]+ \([\d,]+–[\d,]+\) .* \d\.\d\d +–$/m);
    expect(stdout).toMatch(/^session, 2 processes +4 +0 +0\.0 +0\.0 +0\.0 /m);
    const report = JSON.parse(readFileSync(join(out, 'checks.json'), 'utf8')) as Report;
    expect(Object.keys(report.rounds[0] ?? {}).sort()).toEqual(['no-guard', 'session']);
    expect(report.summary.find(({ id }) => id === 'session')?.verified).toContain('refuses a signed-out device');
    expect(readFileSync(join(out, 'checks.md'), 'utf8')).toMatch(/^\| `session` \| .* \|$/m);
    rmSync(out, { recursive: true });
  });

  it('names the contenders there are to somebody who asks for another', () => {
    const { status, stderr, out } = bench('--only=sesion');
    expect(status).toBe(1);
    expect(stderr).toContain('there is no sesion; there are no-guard, stateless-string');
    rmSync(out, { recursive: true });
  });
});
