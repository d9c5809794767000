import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

/** Makes one script of `page.js` in a folder and of all that it imports. Resolves to its text. */
export type Bundler = (folder: string) => Promise<string>;

/** The bundlers that pages are made with, each with its defaults. */
export const BUNDLERS: Readonly<Record<'Vite' | 'esbuild' | 'webpack', Bundler>> = {
  Vite: async (folder) => {
    const lib = { entry: 'page.js', formats: ['es' as const], fileName: 'page' };
    const [output] = [
      await vite({ root: folder, configFile: false, logLevel: 'error', build: { write: false, lib } }),
    ].flat();
    if (!output || !('output' in output)) throw new Error('Vite gave no output');
    return output.output[0].code;
  },
  esbuild: async (folder) => {
    const entryPoints = [join(folder, 'page.js')];
    const { outputFiles } = await esbuild({ entryPoints, bundle: true, format: 'esm', write: false });
    return outputFiles[0]?.text ?? '';
  },
  webpack: async (folder) => {
    const output = { path: join(folder, 'webpack'), filename: 'page.js' };
    await packed({ mode: 'production', context: folder, entry: './page.js', output });
    return readFileSync(join(output.path, output.filename), 'utf8');
  },
};

function packed(options: webpack.Configuration): Promise<void> {
  return new Promise((done, fail) => {
    webpack(options, (error, stats) => {
      if (!error && stats && !stats.hasErrors() && !stats.hasWarnings()) done();
      else fail(error ?? new Error(stats?.toString({ all: false, errors: true, warnings: true })));
    });
  });
}
