import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIBRARY = 'nestjs-session-registry';
/** Peers that an app can do without. */
const MISSING = ['typeorm', 'typeorm-0.3', 'redis', 'pg', 'mysql2', 'better-sqlite3'];
/** What `npm pack` needs of the repository. */
const PARTS = ['src', 'docs', 'package.json', 'nest-cli.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
const COMPILER = {
  ...{ target: 'ES2023', module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], strict: true },
  ...{ experimentalDecorators: true, emitDecoratorMetadata: true, verbatimModuleSyntax: true, outDir: 'dist' },
  ...{ rootDir: 'app', skipLibCheck: true },
};

/** An app in a folder of its own, with the packed library among its packages and nothing of the repository. */
export class PackedApp {
  readonly folder = mkdtempSync(join(tmpdir(), 'outside-'));
  #server: ChildProcess | undefined;

  /** Packs the library, installs what was packed, and compiles the app. */
  async make(): Promise<void> {
    const modules = join(this.folder, 'node_modules');
    linkPackages(resolve('node_modules'), modules);
    const tarball = await this.#pack();
    const target = join(modules, LIBRARY);
    mkdirSync(target);
    await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
    cpSync('test/outside/app', join(this.folder, 'app'), { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['app'] }));
    await this.#node(resolve('node_modules/typescript/bin/tsc'));
  }

  /** Runs the app's own tests with the runner of Node; gives what they said. */
  async test(): Promise<string> {
    return this.#node('--test', '--test-reporter=tap', 'dist/contracts.js');
  }

  /** Starts the app; gives its address. */
  async start(): Promise<string> {
    this.#server = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(this.#server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return String(line).trim();
  }

  /** Stops what runs and removes every file. */
  async remove(): Promise<void> {
    const server = this.#server;
    if (server && server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #pack(): Promise<string> {
    const checkout = join(this.folder, 'checkout');
    const configs = readdirSync('.').filter((name) => /^tsconfig.*\.json$/.test(name));
    for (const part of [...PARTS, ...configs]) cpSync(part, join(checkout, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    await run('npm', ['pack', '--pack-destination', this.folder], { cwd: checkout });
    rmSync(checkout, { recursive: true, force: true });
    const [tarball] = readdirSync(this.folder).filter((name) => name.endsWith('.tgz'));
    return join(this.folder, tarball ?? '');
  }

  async #node(...args: string[]): Promise<string> {
    try {
      return (await run(process.execPath, args, { cwd: this.folder, maxBuffer: 10 ** 7 })).stdout;
    } catch (error) {
      throw new Error(`node ${args.join(' ')} failed:\n${(error as { stdout?: string }).stdout ?? error}`);
    }
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
