import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import ts from 'typescript';

/*
 * Makes the CommonJS build in `dist/cjs` from the ES modules in `dist`, file by file. So both builds are one program, and what is
 * loaded on demand by `import()` is loaded by `require()` here: Jest cannot run the other without flags.
 */

const FROM = 'dist';
const TO = join(FROM, 'cjs');
const COMPILER = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2023,
  esModuleInterop: true,
  allowJs: true,
};

for (const name of readdirSync(FROM, { recursive: true })) {
  if (name.startsWith('cjs')) continue;
  if (name.endsWith('.js')) write(name, commonJs(name));
  if (name.endsWith('.d.ts')) write(name, read(name));
}
write('package.json', '{ "type": "commonjs" }\n');

function commonJs(name) {
  const { outputText } = ts.transpileModule(read(name), { compilerOptions: COMPILER, fileName: name });
  // Throws if there is something that CommonJS does not have, such as `import.meta`.
  new Script(`(function (exports, require, module) {${outputText}\n})`, { filename: name });
  return outputText;
}

/** The text of a file, without the link to its map. */
function read(name) {
  return readFileSync(join(FROM, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
}

function write(name, text) {
  const path = join(TO, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
