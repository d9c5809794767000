import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Where the library is that the sources import by its name. */
export const LIBRARY = {
  'nestjs-session-registry': pathToFileURL('src/index.ts').href,
  'nestjs-session-registry/client': pathToFileURL('src/client.ts').href,
  'nestjs-session-registry/passport': pathToFileURL('src/passport.ts').href,
  'nestjs-session-registry/redis': pathToFileURL('src/redis.ts').href,
  'nestjs-session-registry/testing': pathToFileURL('src/testing.ts').href,
};

/** How the sources are compiled. */
export const OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** The code of a TypeScript file, without asking whether its types are right. */
export async function compile(filename, options = OPTIONS) {
  // Most processes find everything compiled, and need not load this.
  const { transformSync } = await import('@swc/core');
  return transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code;
}
