import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PackedLibrary } from './packed-library.js';

const LIBRARY = 'nestjs-session-registry';
/** What an app does not have unless it asks for it. */
const MISSING = ['typeorm', 'typeorm-0.3', 'redis', 'pg', 'mysql2', 'better-sqlite3', 'drizzle-orm', 'kysely'];
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
  /** Packages beside those that every app has: by the name it knows them by, the name they have here. */
  readonly packages?: Readonly<Record<string, string>>;
  /** @default 'module' */
  readonly type?: 'module' | 'commonjs';
  /** Variables of its environment. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** How a program ended, and all that it printed. */
export interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** An app in a folder of its own, with the packed library among its packages and nothing of the repository. */
export class PackedApp {
  readonly #folder = mkdtempSync(join(tmpdir(), 'outside-'));
  #server: ChildProcess | undefined;

  constructor(private readonly shape: AppShape) {}

  /** Installs its packages, and compiles it. */
  async make(library: PackedLibrary): Promise<void> {
    const { sources, type = 'module' } = this.shape;
    await this.#install(library);
    for (const folder of ['common', sources])
      cpSync(join('test/outside', folder), join(this.#folder, folder), { recursive: true });
    this.#write('package.json', { type, private: true });
    this.#write('tsconfig.json', { compilerOptions: COMPILER, include: ['common', sources] });
    const { code, said } = await this.run([resolve('node_modules/typescript/bin/tsc')]);
    if (code !== 0) throw new Error(`${sources} cannot be compiled:\n${said}`);
  }

  /** The place of one of its compiled files, from its folder. */
  file(name: string): string {
    return join('dist', this.shape.sources, name);
  }

  /** Runs a program of Node in its folder. */
  run(args: readonly string[], node = process.execPath): Promise<Outcome> {
    const options = { cwd: this.#folder, env: this.#env(), maxBuffer: 10 ** 7 };
    return new Promise((done) => {
      execFile(node, args, options, (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), said: `${stdout}\n${stderr}` }),
      );
    });
  }

  /** Runs its own tests with the runner of a Node; gives what they said. */
  async test(node = process.execPath): Promise<string> {
    const { code, said } = await this.run(['--test', '--test-reporter=tap', this.file('contracts.js')], node);
    if (code !== 0) throw new Error(`the tests of ${this.shape.sources} failed:\n${said}`);
    return said;
  }

  /** Starts it; gives its address. */
  async start(): Promise<string> {
    const stdio = ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'];
    const server = spawn(process.execPath, [this.file('main.js')], { cwd: this.#folder, env: this.#env(), stdio });
    this.#server = server;
    let said = '';
    for await (const part of server.stdout) {
      said += String(part);
      const [address] = /^http:.*(?=\n)/m.exec(said) ?? [];
      if (address !== undefined) return address;
    }
    throw new Error(`${this.shape.sources} ended before it gave its address:\n${said}`);
  }

  /** Stops what runs and removes every file. */
  async remove(): Promise<void> {
    const server = this.#server;
    if (server && server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #install(library: PackedLibrary): Promise<void> {
    const modules = join(this.#folder, 'node_modules');
    linkPackages(resolve('node_modules'), modules);
    for (const [name, here] of Object.entries(this.shape.packages ?? {}))
      symlinkSync(resolve('node_modules', here), join(modules, name));
    mkdirSync(join(modules, LIBRARY));
    await library.unpackTo(join(modules, LIBRARY));
  }

  #write(name: string, content: object): void {
    writeFileSync(join(this.#folder, name), JSON.stringify(content));
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.shape.env?.() };
  }
}

/** Links each package of one folder into another, scopes and all. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.startsWith('.') || MISSING.includes(name)) continue;
    if (name.startsWith('@')) linkPackages(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name));
  }
}
