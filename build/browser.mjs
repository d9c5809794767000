import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * Makes the package of the browser side in `dist-browser`, from the ES modules in `dist`: a front end installs it without Nest. Beside
 * the modules it has one file for a `<script>`.
 */

const FROM = 'dist';
const TO = 'dist-browser';
const PARTS = ['client', 'client.js', 'client.d.ts', 'element', 'wire.js', 'wire.d.ts'];
/** What a page without modules finds in `SessionRegistry`. */
const SCRIPT = `export * from './client.js';\nexport * from './element/entry.js';\n`;

rmSync(TO, { recursive: true, force: true });
mkdirSync(TO);
for (const part of PARTS) cpSync(join(FROM, part), join(TO, part), { recursive: true });
for (const file of ['LICENSE', 'build/browser/README.md']) cpSync(file, join(TO, file.split('/').at(-1)));
writeFileSync(join(TO, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
await build({
  stdin: { contents: SCRIPT, resolveDir: TO },
  outfile: join(TO, 'script.js'),
  ...{ bundle: true, minify: true, format: 'iife', globalName: 'SessionRegistry', target: 'es2022' },
});

/** What the package says of itself; what it has in common with the library is said there. */
function manifest() {
  const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    name: `${name}-browser`,
    version,
    description: `The browser side of ${name}: the session client and <session-list>, without Nest.`,
    license,
    type: 'module',
    sideEffects: ['./element/entry.js', './script.js'],
    exports: {
      '.': './client.js',
      './element': './element/entry.js',
      './script.js': './script.js',
      './package.json': './package.json',
    },
    main: './client.js',
    types: './client.d.ts',
    unpkg: './script.js',
    jsdelivr: './script.js',
  };
}
