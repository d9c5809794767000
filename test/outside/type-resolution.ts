import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

/** A way in which TypeScript finds the types of a package: `moduleResolution`, and the kind of the file that imports it. */
export interface Resolution {
  readonly name: string;
  readonly file: string;
  readonly options: ts.CompilerOptions;
}

const NODE10 = 2;
const BUNDLER = ts.ModuleResolutionKind.Bundler;

/** All ways. */
export const RESOLUTIONS: readonly Resolution[] = [
  { name: 'node10', file: 'app.ts', options: { module: ts.ModuleKind.CommonJS, moduleResolution: NODE10 } },
  { name: 'node16', file: 'app.cts', options: { module: ts.ModuleKind.Node16 } },
  { name: 'node16', file: 'app.mts', options: { module: ts.ModuleKind.Node16 } },
  { name: 'nodenext', file: 'app.cts', options: { module: ts.ModuleKind.NodeNext } },
  { name: 'nodenext', file: 'app.mts', options: { module: ts.ModuleKind.NodeNext } },
  { name: 'bundler', file: 'app.ts', options: { module: ts.ModuleKind.ESNext, moduleResolution: BUNDLER } },
];

const HOST: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => '/',
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

/**
 * What the TypeScript among these packages says about a file that imports all of `names`, and about the types it finds for them in
 * the folder; and how many files of the folder it read.
 */
export function checkTypes(
  { file, options }: Resolution,
  names: readonly string[],
  { folder, packages }: { folder: string; packages: string },
): { problems: string[]; files: number } {
  const compiler = createRequire(join(packages, 'typescript'))('typescript') as typeof ts;
  const path = join(folder, file);
  writeFileSync(path, names.map((name, index) => `export * as all${index} from '${name}';`).join('\n'));
  const types = { types: ['node'], typeRoots: [join(packages, '@types')] };
  const given = { target: compiler.ScriptTarget.ES2023, strict: true, noEmit: true, ...types };
  const program = compiler.createProgram([path], { ...options, ...given });
  const read = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  // Those of other packages are not checked: they take a minute.
  const found = [...program.getOptionsDiagnostics(), ...read.flatMap((one) => program.getSemanticDiagnostics(one))];
  return { problems: found.map((one) => compiler.formatDiagnostic(one, HOST)), files: read.length };
}
