import type { Shutdown } from './shutdown.js';

/**
 * The order in which services stop: first those that only watch, then pending writes, work on rows, copies of rows,
 * messages between processes, the log of faults (something may fail until here), and finally the database.
 */
export const STAGES = ['watches', 'writes', 'work', 'copies', 'messages', 'faults', 'storage'] as const;

/** A service that has to be stopped, because it opened something or runs in the background. */
export interface Service {
  /** Names it in a sentence such as "This did not stop cleanly: the purge". */
  readonly name: string;
  readonly stage: (typeof STAGES)[number];
  /** Called once the whole app has started. */
  start?(): void;
  /** Called when the app begins to stop and its server may still answer requests. `stop` waits for the promise. */
  beforeStop?(): Promise<unknown>;
  /** Called once the app's server has closed. */
  stop(): unknown;
}

/** Starts and stops the services of this module. Each service is added where it is created. */
export class Lifecycle {
  readonly #services: Service[] = [];
  readonly #early: Promise<unknown>[] = [];

  constructor(private readonly shutdown: Shutdown) {}

  /** Adds a service and returns `made`. */
  add<T>(made: T, service: Service): T {
    this.#services.push(service);
    return made;
  }

  start(): void {
    for (const service of this.#services) service.start?.();
  }

  /** Begins to stop while requests may still run. */
  beforeStop(): void {
    // A service that fails here reports it itself.
    for (const service of this.#services) this.#early.push(service.beforeStop?.().catch(() => {}) ?? Promise.resolve());
  }

  /** Stops all services, stage by stage, within the time of the shutdown. Never rejects. */
  stop(): Promise<void> {
    const staged = STAGES.flatMap((stage) => this.#services.filter((service) => service.stage === stage));
    const early = ['work that began before the server closed', () => Promise.all(this.#early)] as const;
    return this.shutdown.run([early, ...staged.map(({ name, stop }) => [name, stop] as const)]);
  }
}
