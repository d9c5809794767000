import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { build } from 'esbuild';
import { MAX_NAME_LENGTH } from '../src/wire.js';

/** What an app adds to its page, in bytes: minified and compressed, as a server sends it. */
const BUDGETS: [string, string, number][] = [
  ['nestjs-session-registry/client', 'src/client.ts', 3 * 1_024],
  ['nestjs-session-registry/element', 'src/element/entry.ts', 12 * 1_024],
];

describe.each(BUDGETS)('%s', (name, entry, budget) => {
  const bundled = build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
  });

  it(`costs a page no more than ${budget} bytes`, async () => {
    const [file] = (await bundled).outputFiles;
    const size = gzipSync(file?.contents ?? '', { level: 9 }).length;
    process.stdout.write(`      ${name}: ${size} bytes\n`);
    expect(size).toBeGreaterThan(1_000);
    expect(size).toBeLessThanOrEqual(budget);
  });

  it('brings nothing but itself', async () => {
    const inputs = Object.keys((await bundled).metafile.inputs);
    expect(inputs.filter((path) => !/^src\/(client|element)[/.]/.test(path))).toEqual([]);
  });
});

it('the field for a name takes as many characters as the server does', () => {
  const [, length] = /const MAX_LENGTH = (\d+);/.exec(readFileSync('src/element/rename-form.ts', 'utf8')) ?? [];
  expect(Number(length)).toBe(MAX_NAME_LENGTH);
});
