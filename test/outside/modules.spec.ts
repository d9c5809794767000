import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppFolder } from './app-folder.js';
import { NODES } from './nodes.js';

const LIBRARY = 'nestjs-session-registry';
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
const SUBPATHS = Object.keys(exports).filter((path) => path !== './package.json');
const IMPORTS = SUBPATHS.map((path) => LIBRARY + path.slice(1));

const NESTS = {
  11: (folder: AppFolder) => folder.installFrom(inject('nest11'), inject('tarball')),
  12: (folder: AppFolder) => folder.install(inject('tarball'), { redis: 'redis', typeorm: 'typeorm' }),
};

const HOST = { getCurrentDirectory: () => '/', getCanonicalFileName: (name: string) => name, getNewLine: () => '\n' };

/** A folder with the packages of an app of each Nest. */
const folders = { 11: new AppFolder(), 12: new AppFolder() };
beforeAll(() => {
  NESTS[11](folders[11]);
  NESTS[12](folders[12]);
});
afterAll(() => Promise.all([folders[11].remove(), folders[12].remove()]));

describe.each([11, 12] as const)('in an app of Nest %s', (nest) => {
  const cases = NODES.flatMap((node) => [[node, 'import'] as const, [node, 'require'] as const]);

  it.each(cases)('on Node %s, `import` and `require` give the same classes, with `%s` first', async (node, first) => {
    const script = resolve('test/outside/loading/both-ways.mjs');
    const target = join(folders[nest].path, 'both-ways.mjs');
    writeFileSync(target, readFileSync(script));
    const said = await folders[nest].succeed([target, first], node);
    expect(said).not.toContain('Warning');
    const compared = JSON.parse(said) as Record<string, { same: number; different: string[] }>;
    expect(Object.keys(compared)).toEqual(SUBPATHS);
    expect(Object.values(compared).flatMap(({ different }) => different)).toEqual([]);
    expect(Math.min(...Object.values(compared).map(({ same }) => same))).toBeGreaterThan(0);
  });
});

describe('the types', () => {
  const modes: [string, string, ts.CompilerOptions][] = [
    ['node10', 'app.ts', { module: ts.ModuleKind.CommonJS, moduleResolution: 2 }],
    ['node16, from CommonJS', 'app.cts', { module: ts.ModuleKind.Node16 }],
    ['node16, from an ES module', 'app.mts', { module: ts.ModuleKind.Node16 }],
    ['nodenext, from CommonJS', 'app.cts', { module: ts.ModuleKind.NodeNext }],
    ['nodenext, from an ES module', 'app.mts', { module: ts.ModuleKind.NodeNext }],
    ['bundler', 'app.ts', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ];

  it.each(modes)('of every import are found with %s, by the TypeScript of Nest 11', (_mode, file, options) => {
    const compiler = createRequire(join(inject('nest11'), 'x.js'))('typescript') as typeof ts;
    const path = join(folders[11].path, file);
    writeFileSync(path, IMPORTS.map((name, index) => `export * as all${index} from '${name}';`).join('\n'));
    const types = { types: ['node'], typeRoots: [join(inject('nest11'), '@types')] };
    const given = { target: ts.ScriptTarget.ES2023, strict: true, noEmit: true, ...types };
    const program = compiler.createProgram([path], { ...options, ...given });
    const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folders[11].path));
    const problems = ours.flatMap((one) => program.getSemanticDiagnostics(one));
    expect(ours.length).toBeGreaterThan(IMPORTS.length);
    expect(program.getOptionsDiagnostics()).toEqual([]);
    expect(problems.map((one) => compiler.formatDiagnostic(one, HOST))).toEqual([]);
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
