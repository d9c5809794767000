import type { Faults } from '../faults/faults.js';
import type { PurgeSchedule } from '../options/purge-options.js';
import type { SessionRegistry } from './session-registry.js';

/** Runs purge on its schedule, one run at a time, while the app is up. */
export class PurgeTimer {
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly schedule: PurgeSchedule,
    private readonly faults: Faults,
  ) {}

  /** Starts the schedule. Does nothing if the app purges by itself, or after `stop`. */
  start(): void {
    if (this.schedule.every === null || this.#stopped.signal.aborted) return;
    this.#timer = setInterval(() => this.#run(), this.schedule.every).unref();
  }

  /** Stops the schedule; a run under way ends after its current batch. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort();
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.registry
      .purge({ signal: this.#stopped.signal })
      .then(
        () => this.faults.succeeded('purge'),
        (error: unknown) => this.faults.failed('purge', error, 'the purge of dead rows'),
      )
      .finally(() => {
        this.#running = undefined;
      });
  }
}
