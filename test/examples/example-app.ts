import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile } from '../support/process/sources.mjs';

const PARTS = [
  'build',
  'src',
  'examples',
  'LICENSE',
  'package.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.element.json',
];
const START_PATIENCE = 150_000;
const STOP_PATIENCE = 10_000;

/** A process of the reference app that serves. */
export interface RunningExample {
  url: string;
  /** All it said until now. */
  said(): string;
  stop(): Promise<void>;
}

/** The reference app in a checkout of its own, so that a build beside the tests does not pull its files away. */
export class ExampleCheckout {
  readonly folder = mkdtempSync(join(tmpdir(), 'example-'));
  readonly #running = new Set<RunningExample>();
  #databases = 0;

  constructor() {
    for (const part of PARTS) cpSync(part, join(this.folder, part), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** A `DATABASE_URL` nobody else has. */
  newDatabase(): string {
    this.#databases += 1;
    return `sqlite:${join(this.folder, `database-${this.#databases}.sqlite`)}`;
  }

  /** Compiles the library and the app, without asking whether their types are right; `npmStart` builds as people do. */
  async compile(): Promise<void> {
    for (const [from, to] of [
      ['src', 'dist'],
      ['examples', 'dist-example'],
    ] as const) {
      for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts')) continue;
        const file = join(this.folder, to, name.replace(/\.ts$/, '.js'));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, await compile(join(from, name)));
      }
    }
    cpSync('examples/public', join(this.folder, 'dist-example/public'), { recursive: true });
  }

  /** Runs `npm start`, which builds first. */
  npmStart(env: Record<string, string>): Promise<RunningExample> {
    return this.#serving(this.#spawn('npm', ['start'], env));
  }

  /** Runs what was built. */
  start(env: Record<string, string>): Promise<RunningExample> {
    return this.#serving(this.#spawnBuilt(env));
  }

  /** Runs what was built, expecting it to give up. */
  async startInVain(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
    const child = this.#spawnBuilt(env);
    const said = listen(child);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said: said() };
  }

  /** Stops every process and removes every file. */
  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((example) => example.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawnBuilt(env: Record<string, string>): ChildProcess {
    return this.#spawn(process.execPath, ['dist-example/main.js'], env);
  }

  #spawn(command: string, args: string[], given: Record<string, string>): ChildProcess {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, PORT: '0', ...given };
    // A group of its own, so that whatever npm starts can be stopped with it.
    return spawn(command, args, { cwd: this.folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async #serving(child: ChildProcess): Promise<RunningExample> {
    const said = listen(child);
    const example = { url: '', said, stop: () => stop(child).finally(() => this.#running.delete(example)) };
    this.#running.add(example);
    example.url = await urlOf(child, said);
    return example;
  }
}

function listen(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return () => said;
}

function urlOf(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The app did not start:\n${said()}`));
    const timer = setTimeout(fail, START_PATIENCE);
    child.once('close', fail);
    child.stdout?.on('data', () => {
      const url = /http:\/\/\S+/.exec(said())?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      child.off('close', fail);
      resolve(url);
    });
    child.once('close', () => clearTimeout(timer));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-pid, 'SIGTERM');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), STOP_PATIENCE);
  await closed;
  clearTimeout(timer);
}
