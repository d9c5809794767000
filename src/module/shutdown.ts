import type { LoggerService } from '@nestjs/common';

/** One thing to stop, with its name as it stands in a sentence. */
export type ShutdownStep = readonly [name: string, step: () => unknown];

/**
 * Stops things one after the other, within one timeout for all of them (milliseconds). A step that fails or takes too long
 * is named in a warning, and the next step is still taken. Runs only once, however often it is called.
 */
export class Shutdown {
  #running: Promise<void> | undefined;

  constructor(
    private readonly timeout: number,
    private readonly logger: Pick<LoggerService, 'warn'>,
  ) {}

  /** Resolves once every step is done or the time is up. Never rejects. */
  run(steps: readonly ShutdownStep[]): Promise<void> {
    this.#running ??= this.#run(steps);
    return this.#running;
  }

  async #run(steps: readonly ShutdownStep[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((done) => {
      timer = setTimeout(done, this.timeout, 'late');
    });
    for (const step of steps) await Promise.race([late, this.#take(step)]).then((end) => this.#warn(step, end));
    clearTimeout(timer);
  }

  /** Resolves to the error, or to undefined if the step succeeded. */
  async #take([, step]: ShutdownStep): Promise<unknown> {
    try {
      await step();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #warn([name]: ShutdownStep, end: unknown): void {
    if (end === undefined) return;
    const why = end === 'late' ? `it took longer than \`shutdownTimeout\`, ${this.timeout} ms` : String(end);
    this.logger.warn(`While the app shut down, this did not stop cleanly: ${name} (${why})`);
  }
}
