import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, it } from 'vitest';

const run = promisify(execFile);
const README = readFileSync('README.md', 'utf8');
/** The lines of the README, by the Nest that the comment before each names. */
const LINES = [...README.matchAll(/^# Nest (\d+)\nnpm install (nestjs-session-registry .*)$/gm)].map(
  ([, nest = '', packages = '']) => [Number(nest), packages.split(' ')] as const,
);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

it('the README has a line for each Nest', () => {
  expect(LINES.map(([nest]) => nest)).toEqual([12, 11]);
});

describe.each(LINES)('the line of the README for Nest %s', (nest, packages) => {
  const folder = mkdtempSync(join(tmpdir(), 'install-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds packages that fit, and each of Nest once', async () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: dependenciesOf(nest) }));
    const named = packages.map((name) => (name === 'nestjs-session-registry' ? inject('tarball') : name));
    // It ends with an error if the packages do not fit together; what it downloads are only descriptions.
    await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', ...named], { cwd: folder });
    const { packages: found } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock;
    const ofNest = Object.entries(found).filter(([path]) => /node_modules\/@nestjs\/[\w-]+$/.test(path));
    expect(ofNest.map(([path]) => path)).toEqual(
      ['common', 'core', 'jwt', 'platform-express'].map((name) => `node_modules/@nestjs/${name}`),
    );
    expect(ofNest.map(([, { version }]) => Number(version?.split('.')[0]))).toEqual(ofNest.map(() => nest));
  });
});

/** The packages that `nest new` gives an app to run with. */
function dependenciesOf(nest: number): Record<string, string> {
  const names = ['common', 'core', 'platform-express'].map((name) => [`@nestjs/${name}`, `^${nest}.0.1`]);
  return { ...Object.fromEntries(names), 'reflect-metadata': '^0.2.2', rxjs: '^7.8.1' };
}
