// The programs that tests run in processes of their own, each put together from its sources and all they import: a
// process that finds and compiles thousands of files one by one takes three times as long to start.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, LIBRARY, OPTIONS } from './sources.mjs';

const PROGRAMS = ['test/support/process/app-main.ts', 'test/examples/limited-main.ts', 'test/storage/sqlite.child.ts'];
/** What has code of its own for this machine, or is looked up while it runs. */
const LEFT_OUT = /^(better-sqlite3|pg|mysql2)(\/|$)/;
const CACHE = resolve('node_modules', '.cache', 'programs');
const INPUTS = 'inputs.json';
/** How many builds are kept: another run may be in the middle of one. */
const KEPT = 4;

let built;

/** The file that runs the program of this source, as the sources are now. */
export async function programOf(source) {
  built ??= buildPrograms();
  return join(await built, basename(source).replace(/\.ts$/, '.mjs'));
}

/** Builds the programs, unless they were built from the same sources before. Gives the folder they are in. */
export async function buildPrograms() {
  return folders().find(isFresh) ?? build();
}

/** What was built, the latest first. */
function folders() {
  if (!existsSync(CACHE)) return [];
  const names = readdirSync(CACHE).filter((name) => !name.startsWith('.'));
  return names.sort((a, b) => Number(b.split('-')[0]) - Number(a.split('-')[0])).map((name) => join(CACHE, name));
}

function isFresh(folder) {
  try {
    const inputs = JSON.parse(readFileSync(join(folder, INPUTS), 'utf8'));
    return Object.entries(inputs).every(([file, digest]) => digestOf(file) === digest);
  } catch {
    // A file that is gone, or a folder that another run is taking away.
    return false;
  }
}

function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

async function build() {
  const { build: bundle, stop } = await import('esbuild');
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, '.building-'));
  const { metafile } = await bundle({
    entryPoints: PROGRAMS,
    outdir: folder,
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Nest and TypeORM go by the names of classes.
    keepNames: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [{ name: 'sources', setup: readSources }],
  });
  // Or its process stays for as long as this one.
  await stop();
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules') && existsSync(file));
  const others = ['package-lock.json', 'test/support/process/programs.mjs', 'test/support/process/sources.mjs'];
  const inputs = Object.fromEntries([...own, ...others].map((file) => [file, digestOf(file)]));
  writeFileSync(join(folder, INPUTS), JSON.stringify(inputs));
  const final = join(CACHE, `${Date.now()}-${process.pid}`);
  // Renamed at the end, so that no other process runs half of it.
  renameSync(folder, final);
  for (const old of folders().slice(KEPT)) rmSync(old, { recursive: true, force: true });
  return final;
}

/** Finds the library behind its name, and compiles as everywhere else; leaves out what is not installed. */
function readSources(bundle) {
  bundle.onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
    if (path in LIBRARY) return { path: fileURLToPath(LIBRARY[path]) };
    if (kind === 'entry-point' || pluginData === 'asked') return undefined;
    if (LEFT_OUT.test(path)) return { external: true };
    const { errors } = await bundle.resolve(path, { importer, kind, resolveDir, pluginData: 'asked' });
    return errors.length > 0 ? { external: true } : undefined;
  });
  const options = { ...OPTIONS, sourceMaps: false };
  bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const code = await compile(path, options);
    // What a file finds beside itself or by a name is where it was.
    const contents = code.replace(/import\.meta\.(?:url|resolve\('([^']+)'\))/g, (_, name) =>
      JSON.stringify(name ? LIBRARY[name] : pathToFileURL(path).href),
    );
    return { contents, loader: 'js' };
  });
}
