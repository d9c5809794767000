// Finds the library in its build behind its name: what is measured is what is shipped. Loaded after the ts-loader of
// the tests, so it is asked first. BENCH_LIBRARY names the sources, for a test that must not wait for a build.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const [folder, ending] = process.env.BENCH_LIBRARY === 'src' ? ['src', 'ts'] : ['dist', 'js'];
const LIBRARY = {
  'nestjs-session-registry': pathToFileURL(`${folder}/index.${ending}`).href,
  'nestjs-session-registry/redis': pathToFileURL(`${folder}/redis.${ending}`).href,
};

// The hooks run in a thread of their own, which loads this very file again.
if (isMainThread) register(import.meta.url);

/** Resolves the library's name to its build. */
export async function resolve(specifier, context, next) {
  return specifier in LIBRARY ? { url: LIBRARY[specifier], shortCircuit: true } : next(specifier, context);
}
