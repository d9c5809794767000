import type { LoggerService } from '@nestjs/common';

/** One thing to let go of, and its name in a sentence. */
export type ShutdownStep = readonly [name: string, step: () => unknown];

/**
 * Lets go of things one after the other, within one time for all of them (milliseconds). What fails, or is not over in
 * time, is named in a warning and keeps nothing from being let go of. Once only, however often it is asked for.
 */
export class Shutdown {
  #running: Promise<void> | undefined;

  constructor(
    private readonly timeout: number,
    private readonly logger: Pick<LoggerService, 'warn'>,
  ) {}

  /** Resolves when all is over, or the time is; never rejects. */
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

  /** Resolves to what went wrong, if something did. */
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
    const why = end === 'late' ? `it was not over within \`shutdownTimeout\`, ${this.timeout} ms` : String(end);
    this.logger.warn(`While the app stopped, this did not end well: ${name} (${why})`);
  }
}
