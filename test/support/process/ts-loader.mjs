// Lets a child process run the TypeScript sources as they are: `node --import …/ts-loader.mjs file.ts`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { compile, LIBRARY, OPTIONS } from './sources.mjs';

const CACHE = join('node_modules', '.cache', 'ts-loader');

// The hooks run in a thread of their own, which loads this very file again.
if (isMainThread) register(import.meta.url);

/** Finds `x.ts` behind `x.js`, and the library behind its name. */
export async function resolve(specifier, context, next) {
  if (specifier in LIBRARY) return { url: LIBRARY[specifier], shortCircuit: true };
  const source = specifier.startsWith('.') ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : undefined;
  if (source?.pathname.endsWith('.ts') && existsSync(source)) return { url: source.href, shortCircuit: true };
  return next(specifier, context);
}

/** Compiles a TypeScript file. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

/** Every process of a test runs the same files, so what was compiled is kept, by its text. */
async function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = join(
    CACHE,
    createHash('sha256')
      .update(JSON.stringify([OPTIONS, filename, source]))
      .digest('hex'),
  );
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const code = await compile(filename);
  mkdirSync(CACHE, { recursive: true });
  // Renamed at the end, so that no other process reads half of it.
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept);
  return code;
}
