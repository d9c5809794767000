import type { PerBaseline } from '../contenders/baselines.js';
import type { Contender } from '../contenders/contender.js';
import { type Surroundings, withApp } from '../contenders/running-app.js';
import { refuseFailures } from '../load/failures.js';
import { jobOf, type LoadOptions } from '../load/load-job.js';
import { load } from '../load/wrk.js';
import { usersOf } from '../support/users.js';
import type { Loaded } from './in-turns.js';

/** Runs `work` next to processes of the baselines that are as warm as a contender after it ran alone. */
export function withBaselines<T>(
  { open, stateless }: PerBaseline<Contender>,
  options: LoadOptions,
  surroundings: Surroundings,
  work: (loaded: PerBaseline<Loaded>) => Promise<T>,
): Promise<T> {
  const warm = { ...options, warmup: options.warmup + options.seconds };
  return withLoaded(open, warm, surroundings, (loadedOpen) =>
    withLoaded(stateless, warm, surroundings, (loadedStateless) =>
      work({ open: loadedOpen, stateless: loadedStateless }),
    ),
  );
}

async function withLoaded<T>(
  contender: Contender | undefined,
  options: LoadOptions,
  surroundings: Surroundings,
  work: (loaded: Loaded | undefined) => Promise<T>,
): Promise<T> {
  if (contender === undefined) return work(undefined);
  return withApp(contender, surroundings, async (app) => {
    const job = jobOf(app, await app.signIn(usersOf(options.sessions), true), options);
    refuseFailures(contender, await load({ ...job, seconds: options.warmup }));
    return work({ contender, app, job });
  });
}
