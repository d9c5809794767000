import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const LOADERS = [
  'bench/support/tick-shape.mjs',
  'test/support/process/ts-loader.mjs',
  'bench/support/built-library.mjs',
].flatMap((loader) => ['--import', resolve(loader)]);

/** Which program a child process runs, where, and what it is told at its start. */
export interface ChildOptions {
  /** A file under `bench/`. */
  main: string;
  /** What to put before the command, to pin it to a core. */
  on?: readonly string[] | undefined;
  spec?: unknown;
}

type Reply = { value: unknown } | { error: string };

/** A process of the bench that answers one question at a time; it ends with the process that started it. */
export class Child {
  readonly #process: ChildProcess;

  private constructor({ main, on = [], spec }: ChildOptions) {
    const [command = '', ...args] = [...on, process.execPath, ...LOADERS, resolve('bench', main)];
    this.#process = spawn(command, args, {
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production', BENCH_SPEC: JSON.stringify(spec ?? null) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Starts a process and waits for what it says when it is ready. */
  static async start<T>(options: ChildOptions): Promise<{ child: Child; ready: T }> {
    const child = new Child(options);
    return { child, ready: await child.#next<T>() };
  }

  /** Asks a question and waits for the answer. */
  ask<T>(question: unknown): Promise<T> {
    const answer = this.#next<T>();
    this.#process.send(question as object);
    return answer;
  }

  /** Lets the process run no further until it is told to `goOn`. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  /** Ends the process and waits until it is gone. */
  stop(): Promise<void> {
    return new Promise((done) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) return done();
      this.#process.once('exit', () => done());
      this.#process.kill('SIGTERM');
    });
  }

  #next<T>(): Promise<T> {
    return new Promise((done, fail) => {
      const gone = (code: number | null) => fail(new Error(`a process of the bench ended with ${code}`));
      this.#process.once('exit', gone);
      this.#process.once('message', (reply: Reply) => {
        this.#process.off('exit', gone);
        if ('error' in reply) fail(new Error(reply.error));
        else done(reply.value as T);
      });
    });
  }
}
