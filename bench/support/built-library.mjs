// Finds the library in its build behind its name: what is measured is what is shipped. Loaded after the ts-loader of
// the tests, so it is asked first. BENCH_LIBRARY names another entry, for a test that must not wait for a build.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const LIBRARY = pathToFileURL(process.env.BENCH_LIBRARY ?? 'dist/index.js').href;

// The hooks run in a thread of their own, which loads this very file again.
if (isMainThread) register(import.meta.url);

/** Resolves the library's name to its build. */
export async function resolve(specifier, context, next) {
  return specifier === 'nestjs-session-registry' ? { url: LIBRARY, shortCircuit: true } : next(specifier, context);
}
