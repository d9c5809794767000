import type { Shutdown } from './shutdown.js';

/**
 * When a service stops: first who only looks, then what is to be written, who works on rows, copies of rows, what
 * carries messages, the log of what failed meanwhile, and the database at last.
 */
export const STAGES = ['watches', 'writes', 'work', 'copies', 'messages', 'faults', 'storage'] as const;

/** A service that opened something, or that runs by itself. */
export interface Service {
  /** What it is, in a sentence such as "this did not end well: the purge". */
  readonly name: string;
  readonly stage: (typeof STAGES)[number];
  /** Called once the whole app is there. */
  start?(): void;
  /** Called when the app begins to stop, and its server may still answer. Resolves when that is done; nobody waits. */
  beforeStop?(): Promise<unknown>;
  /** Called when the server of the app is closed. */
  stop(): unknown;
}

/** Starts and stops the services of this module. Each adds itself where it is made. */
export class Lifecycle {
  readonly #services: Service[] = [];
  readonly #early: Promise<unknown>[] = [];

  constructor(private readonly shutdown: Shutdown) {}

  /** Takes a service in, and gives back what was made. */
  add<T>(made: T, service: Service): T {
    this.#services.push(service);
    return made;
  }

  start(): void {
    for (const service of this.#services) service.start?.();
  }

  /** Begins to stop, while requests may still run. */
  beforeStop(): void {
    // Who fails tells of it elsewhere.
    for (const service of this.#services) this.#early.push(service.beforeStop?.().catch(() => {}) ?? Promise.resolve());
  }

  /** Stops all, stage by stage, within the time of the shutdown; never rejects. */
  stop(): Promise<void> {
    const staged = STAGES.flatMap((stage) => this.#services.filter((service) => service.stage === stage));
    const early = ['what began before the server closed', () => Promise.all(this.#early)] as const;
    return this.shutdown.run([early, ...staged.map(({ name, stop }) => [name, stop] as const)]);
  }
}
