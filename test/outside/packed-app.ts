import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppFolder, type Outcome, type Packages } from './app-folder.js';
import type { AppRow, Driver } from './matrix.js';
import type { NodeVersion } from './nodes.js';

const COMPILER = {
  ...{ target: 'ES2023', module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], strict: true },
  ...{ experimentalDecorators: true, emitDecoratorMetadata: true, outDir: 'dist', rootDir: '.', skipLibCheck: true },
  // The drivers have no types here.
  noImplicitAny: false,
};

/** An app in a folder of its own, with the packed library among its packages and nothing of the repository. */
export class PackedApp {
  readonly #folder: AppFolder;

  /** Its environment may have variables beside those of the tests. */
  constructor(
    private readonly row: AppRow,
    env?: () => Readonly<Record<string, string>>,
  ) {
    this.#folder = new AppFolder(env);
  }

  /** Installs its packages, those in a folder or those of the repository, and compiles what `prepare` adds to. */
  async make(tarball: string, packages?: string, prepare = async () => {}): Promise<void> {
    const { sources, drivers, type } = this.row;
    if (packages === undefined) this.#folder.install(tarball, packagesOf(drivers));
    else this.#folder.installFrom(packages, tarball);
    for (const folder of ['common', sources])
      cpSync(join('test/outside', folder), join(this.#folder.path, folder), { recursive: true });
    this.#write('package.json', { type, private: true });
    this.#write('tsconfig.json', { compilerOptions: COMPILER, include: ['common', sources] });
    await prepare();
    await this.#folder.succeed([resolve('node_modules/typescript/bin/tsc')]);
  }

  /** The place of one of its compiled files, from its folder. */
  file(name: string): string {
    return join('dist', this.row.sources, name);
  }

  /** Runs a program of Node in its folder. */
  run(args: readonly string[], node = this.#node): Promise<Outcome> {
    return this.#folder.run(args, node);
  }

  /** Runs its own tests with the runner of a Node; gives what they said. */
  test(node = this.#node): Promise<string> {
    return this.#folder.succeed(['--test', '--test-reporter=tap', this.file('contracts.js')], node);
  }

  /** Starts it; gives its address. */
  start(): Promise<string> {
    return this.#folder.start(this.file('main.js'), this.#node);
  }

  /** Stops what runs and removes every file. */
  remove(): Promise<void> {
    return this.#folder.remove();
  }

  get #node(): NodeVersion | undefined {
    return this.row.nodes[0];
  }

  #write(name: string, content: object): void {
    writeFileSync(join(this.#folder.path, name), JSON.stringify(content));
  }
}

/** The packages of its drivers, by the name an app knows them by. */
function packagesOf(drivers: readonly Driver[]): Packages {
  const packages = drivers.filter((name) => !name.startsWith('node:'));
  return Object.fromEntries(packages.map((name) => [name.replace(/-0\.3$/, ''), name]));
}
