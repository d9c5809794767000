import { createDatabase, type TestDatabase } from '../../test/support/databases.js';
import type { AppQuestion, AppSpec, SignedIn } from '../contract/app-spec.js';
import type { ServerUrls } from '../machine/servers.js';
import { Child } from '../support/child.js';
import type { Contender } from './contender.js';

/** Where and beside what apps are started. */
export interface Surroundings {
  /** What to put before the command of a server, to pin it to a core. */
  server: readonly string[];
  /** The same for an app whose latency counts: V8 would take its only core for collecting garbage. */
  anyCore: readonly string[];
  urls: ServerUrls;
}

/** An app of a contender in a process of its own. */
export class RunningApp {
  private constructor(
    readonly url: string,
    private readonly child: Child,
  ) {}

  /** Starts a process of an app and waits until it listens. */
  static async start(spec: AppSpec, { server }: Surroundings): Promise<RunningApp> {
    const { child, ready } = await Child.start<string>({ main: 'apps/app-main.ts', on: server, spec });
    return new RunningApp(ready, child);
  }

  /** Opens a session for each of the users; `aged` makes them look as after a while. */
  signIn(userIds: readonly string[], aged = false): Promise<SignedIn[]> {
    return this.child.ask<SignedIn[]>({ signIn: userIds, aged } satisfies AppQuestion);
  }

  /** Opens a session for each of the users, all of them at once. */
  storm(userIds: readonly string[]): Promise<SignedIn[]> {
    return this.child.ask<SignedIn[]>({ signIn: userIds, atOnce: userIds.length } satisfies AppQuestion);
  }

  /** The CPU time it has used until now, in microseconds. */
  cpu(): Promise<number> {
    return this.child.ask<number>({ cpu: true } satisfies AppQuestion);
  }

  /** Deletes dead sessions; resolves to their number. */
  purge(): Promise<number> {
    return this.child.ask<number>({ purge: true } satisfies AppQuestion);
  }

  /** Pauses it until `goOn`. */
  pause(): void {
    this.child.pause();
  }

  goOn(): void {
    this.child.goOn();
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** Runs `work` with several processes of a contender on a new empty database, and cleans up afterwards. */
export async function withApps<T>(
  contender: Contender,
  count: number,
  surroundings: Surroundings,
  work: (apps: readonly RunningApp[]) => Promise<T>,
): Promise<T> {
  const database = contender.database && (await createDatabase(contender.database));
  const apps: RunningApp[] = [];
  try {
    const spec = specOf(contender, surroundings.urls, database);
    await Promise.all(Array.from({ length: count }, async () => apps.push(await RunningApp.start(spec, surroundings))));
    return await work(apps);
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await database?.drop();
  }
}

/** The same with one process. */
export function withApp<T>(
  contender: Contender,
  surroundings: Surroundings,
  work: (app: RunningApp) => Promise<T>,
): Promise<T> {
  return withApps(contender, 1, surroundings, ([app]) => {
    if (app === undefined) throw new Error('no app was started');
    return work(app);
  });
}

function specOf({ app, adapter, options, redis }: Contender, urls: ServerUrls, database?: TestDatabase): AppSpec {
  return { app, adapter, servers: urls, options, redis, database: database?.options };
}
