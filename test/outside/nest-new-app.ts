import { cpSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppFolder, type Packages } from './app-folder.js';
import type { AppRow } from './matrix.js';
import type { NodeVersion } from './nodes.js';

/** The folder of what the apps of both Nests share. */
const OF_BOTH = 'nest-apps';

/** What an app is made of. */
export interface NestNewShape {
  /** Its line in the table; its sources are laid over those of `nest new`. */
  readonly row: AppRow;
  /** The folder of its packages, the CLI of Nest among them; or which it has beside the usual ones of the repository. */
  readonly packages: string | Packages;
  /** The Node on which the CLI runs: it may need a newer one than the app. */
  readonly cliNode: NodeVersion;
  /** Variables of its environment. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** The app that `nest new` makes, with its settings as they are, the packed library and sources of its own. */
export class NestNewApp {
  readonly #folder: AppFolder;

  constructor(private readonly shape: NestNewShape) {
    this.#folder = new AppFolder(shape.env);
  }

  /** Makes, installs and builds it. */
  async make(tarball: string): Promise<void> {
    const { row, packages } = this.shape;
    await this.#nest('new', 'app', '--skip-install', '--skip-git', '--package-manager', 'npm');
    this.#moveUp('app');
    if (typeof packages === 'string') this.#folder.installFrom(packages, tarball);
    else this.#folder.install(tarball, packages);
    for (const folder of [OF_BOTH, row.sources])
      cpSync(join('test/outside', folder), this.#folder.path, { recursive: true });
    await this.#nest('build');
  }

  /** Runs a program of one of its packages, such as the runner of its tests; gives what it said. */
  succeed(args: readonly string[], node: NodeVersion): Promise<string> {
    return this.#folder.succeed(args, node);
  }

  /** Starts what was built; gives its address. */
  start(node: NodeVersion): Promise<string> {
    return this.#folder.start('dist/main.js', node);
  }

  /** Stops the server. */
  stop(): Promise<void> {
    return this.#folder.stop();
  }

  /** Stops what runs and removes every file. */
  remove(): Promise<void> {
    return this.#folder.remove();
  }

  async #nest(...args: string[]): Promise<void> {
    const { packages, cliNode } = this.shape;
    const modules = typeof packages === 'string' ? packages : resolve('node_modules');
    await this.#folder.succeed([join(modules, '@nestjs/cli/bin/nest.js'), ...args], cliNode);
  }

  /** The CLI makes a folder in the folder. */
  #moveUp(name: string): void {
    const made = join(this.#folder.path, name);
    for (const file of readdirSync(made)) renameSync(join(made, file), join(this.#folder.path, file));
    rmdirSync(made);
  }
}
