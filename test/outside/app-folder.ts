import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { folderOfNode, type NodeVersion } from './nodes.js';

const LIBRARY = 'nestjs-session-registry';
const OURS = resolve('node_modules');
/** What an app does not have unless it asks for it. */
const DATABASES = ['typeorm', 'typeorm-0.3', 'redis', 'pg', 'mysql2', 'better-sqlite3', 'drizzle-orm', 'kysely'];
const MISSING = [...DATABASES, 'passport', 'passport-jwt'];

/** Packages that an app gets beside those that every app has: by the name it knows them by, the name they have here. */
export type Packages = Readonly<Record<string, string>>;

/** How a program ended, and all that it printed. */
export interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** The folder of an app outside of the repository, with the packed library among its packages. */
export class AppFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'outside-'));
  #server: ChildProcess | undefined;

  /** Its environment, beside that of the tests, may change until it runs. */
  constructor(private readonly env: () => Readonly<Record<string, string>> = () => ({})) {}

  /** Links the packages of the repository but those that few apps have, and unpacks the library. */
  install(tarball: string, packages: Packages = {}): void {
    const modules = join(this.path, 'node_modules');
    linkPackages(OURS, modules, (name) => !MISSING.includes(name));
    for (const [name, here] of Object.entries(packages)) symlinkSync(join(OURS, here), join(modules, name));
    unpack(tarball, join(modules, LIBRARY));
  }

  /** Links all packages of another folder, and unpacks the library. */
  installFrom(folder: string, tarball: string): void {
    const modules = join(this.path, 'node_modules');
    linkPackages(folder, modules);
    unpack(tarball, join(modules, LIBRARY));
  }

  /** Unpacks a package that needs no others, and links none. */
  installAlone(tarball: string, name: string): void {
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules);
    unpack(tarball, join(modules, name));
  }

  /** Runs a program of Node in it: on the Node of the tests, or on another one. */
  async run(args: readonly string[], node?: NodeVersion): Promise<Outcome> {
    const options = { cwd: this.path, env: this.#env(), maxBuffer: 10 ** 7 };
    const program = await programOf(node);
    return new Promise((done) => {
      const child = execFile(program, args, options, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}\n${stderr}` }),
      );
      // Nobody answers its questions.
      child.stdin?.end();
    });
  }

  /** The same, where it must succeed. Resolves to what it printed. */
  async succeed(args: readonly string[], node?: NodeVersion): Promise<string> {
    const { code, said } = await this.run(args, node);
    if (code !== 0) throw new Error(`${args.join(' ')} failed in ${this.path}:\n${said}`);
    return said;
  }

  /** Starts the server in a file; gives its address, which it prints. */
  async start(file: string, node?: NodeVersion): Promise<string> {
    const stdio = ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'];
    const server = spawn(await programOf(node), [file], { cwd: this.path, env: this.#env(), stdio });
    this.#server = server;
    let said = '';
    for await (const part of server.stdout) {
      said += String(part);
      const [address] = /^http:.*(?=\n)/m.exec(said) ?? [];
      if (address !== undefined) return address;
    }
    throw new Error(`${file} ended before it gave its address:\n${said}`);
  }

  /** Stops the server. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  }

  /** Stops what runs and removes every file. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.path, { recursive: true, force: true });
  }

  #env(): NodeJS.ProcessEnv {
    // What the runner of the tests sets would reach the runners of the apps.
    const { NODE_ENV: _, VITEST: _vitest, NODE_OPTIONS: _options, ...inherited } = process.env;
    return { ...inherited, ...this.env() };
  }
}

async function programOf(node: NodeVersion | undefined): Promise<string> {
  return node === undefined ? process.execPath : join(await folderOfNode(node), 'node');
}

/** Links each package of one folder into another, scopes and all. */
function linkPackages(from: string, to: string, isWanted: (name: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.startsWith('.') || !isWanted(name)) continue;
    if (name.startsWith('@')) linkPackages(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name));
  }
}

/** Puts the library into an empty folder, with the packages that npm installs for it. */
function unpack(tarball: string, folder: string): void {
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  mkdirSync(join(folder, 'node_modules'));
  for (const name of Object.keys(dependencies)) symlinkSync(join(OURS, name), join(folder, 'node_modules', name));
}
