import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppFolder } from './app-folder.js';
import { IMPORTS } from './matrix.js';
import { NODES } from './nodes.js';
import { checkTypes, RESOLUTIONS } from './type-resolution.js';

/** A folder with the packages of an app of each Nest. */
const folders = { 11: new AppFolder(), 12: new AppFolder() };
beforeAll(() => {
  folders[11].installFrom(inject('nest11'), inject('tarball'));
  folders[12].install(inject('tarball'), {
    ...{ redis: 'redis', typeorm: 'typeorm', passport: 'passport', 'passport-jwt': 'passport-jwt' },
  });
  for (const { path } of Object.values(folders))
    copyFileSync('test/outside/loading/both-ways.mjs', join(path, 'both-ways.mjs'));
});
afterAll(() => Promise.all(Object.values(folders).map((folder) => folder.remove())));

describe.each([11, 12] as const)('in an app of Nest %s', (nest) => {
  const cases = NODES.flatMap((node) => [[node, 'import'] as const, [node, 'require'] as const]);

  it.each(cases)('on Node %s, `import` and `require` give the same classes, with `%s` first', async (node, first) => {
    const said = await folders[nest].succeed(['both-ways.mjs', first], node);
    expect(said).not.toContain('Warning');
    const compared = JSON.parse(said) as Record<string, { same: number; different: string[] }>;
    expect(Object.keys(compared)).toEqual(IMPORTS);
    expect(Object.values(compared).flatMap(({ different }) => different)).toEqual([]);
    expect(Math.min(...Object.values(compared).map(({ same }) => same))).toBeGreaterThan(0);
  });
});

describe('the types', () => {
  it.each(RESOLUTIONS)('of every import are found with $name, from $file', (resolution) => {
    const where = { folder: folders[11].path, packages: inject('nest11') };
    const { problems, files } = checkTypes(resolution, IMPORTS, where);
    expect(problems).toEqual([]);
    expect(files).toBeGreaterThan(IMPORTS.length);
  });
});

describe('the package', () => {
  it('has the right types for every way to load it, says `attw`', async () => {
    const said = await folders[12].succeed([resolve('node_modules/.bin/attw'), inject('tarball')]);
    expect(said).toContain('No problems found');
    for (const name of IMPORTS) expect(said).toContain(`"${name}"`);
  });

  it('has nothing to complain about, says `publint`', async () => {
    const said = await folders[12].succeed([resolve('node_modules/.bin/publint'), inject('tarball'), '--strict']);
    expect(said).toContain('All good!');
  });
});
