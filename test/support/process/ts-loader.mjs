// Lets a child process run the TypeScript sources as they are: `node --import …/ts-loader.mjs file.ts`.
import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformSync } from '@swc/core';

const LIBRARY = {
  'nestjs-session-registry': pathToFileURL('src/index.ts').href,
  'nestjs-session-registry/client': pathToFileURL('src/client.ts').href,
  'nestjs-session-registry/redis': pathToFileURL('src/redis.ts').href,
};
const OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

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
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
