import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppFolder, type Outcome, type Packages } from './app-folder.js';
import type { NodeVersion } from './nodes.js';

const COMPILER = {
  ...{ target: 'ES2023', module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], strict: true },
  ...{ experimentalDecorators: true, emitDecoratorMetadata: true, outDir: 'dist', rootDir: '.', skipLibCheck: true },
  // The drivers have no types here.
  noImplicitAny: false,
};

/** What an app is made of. */
export interface AppShape {
  /** The folder of its sources, in `test/outside`. */
  readonly sources: string;
  /** Packages beside those that every app has. */
  readonly packages?: Packages;
  /** @default 'module' */
  readonly type?: 'module' | 'commonjs';
  /** Variables of its environment. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** An app in a folder of its own, with the packed library among its packages and nothing of the repository. */
export class PackedApp {
  readonly #folder: AppFolder;

  constructor(private readonly shape: AppShape) {
    this.#folder = new AppFolder(shape.env);
  }

  /** Installs its packages, and compiles it. */
  async make(tarball: string): Promise<void> {
    const { sources, packages, type = 'module' } = this.shape;
    this.#folder.install(tarball, packages);
    for (const folder of ['common', sources])
      cpSync(join('test/outside', folder), join(this.#folder.path, folder), { recursive: true });
    this.#write('package.json', { type, private: true });
    this.#write('tsconfig.json', { compilerOptions: COMPILER, include: ['common', sources] });
    await this.#folder.succeed([resolve('node_modules/typescript/bin/tsc')]);
  }

  /** The place of one of its compiled files, from its folder. */
  file(name: string): string {
    return join('dist', this.shape.sources, name);
  }

  /** Runs a program of Node in its folder. */
  run(args: readonly string[], node?: NodeVersion): Promise<Outcome> {
    return this.#folder.run(args, node);
  }

  /** Runs its own tests with the runner of a Node; gives what they said. */
  test(node?: NodeVersion): Promise<string> {
    return this.#folder.succeed(['--test', '--test-reporter=tap', this.file('contracts.js')], node);
  }

  /** Starts it; gives its address. */
  start(): Promise<string> {
    return this.#folder.start(this.file('main.js'));
  }

  /** Stops what runs and removes every file. */
  remove(): Promise<void> {
    return this.#folder.remove();
  }

  #write(name: string, content: object): void {
    writeFileSync(join(this.#folder.path, name), JSON.stringify(content));
  }
}
