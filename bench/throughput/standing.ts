import { type RunningApp, type Surroundings, withApps } from '../apps/running-app.js';
import type { Adapter } from '../apps/app-spec.js';
import type { Contender } from '../contenders/contender.js';
import { jobOf, load } from '../load/wrk.js';
import { usersOf } from '../support/users.js';
import type { Loaded } from './in-turns.js';
import type { LoadOptions } from './measure.js';

/** The contenders the others are held against, by their ids: those on the same adapter. */
export type Baselines = Record<Adapter, { open: string; stateless: string }>;

/** The baselines of an adapter, each under a load of its own; undefined where they do not take part. */
export type Standing = Record<keyof Baselines[Adapter], Loaded | undefined>;

/**
 * Runs `work` while the baselines among the contenders stand by, so that each contender can be held against them in the
 * seconds of its own turn.
 */
export async function withBaselines<T>(
  contenders: readonly Contender[],
  baselines: Baselines,
  options: LoadOptions,
  surroundings: Surroundings,
  work: (standing: (adapter: Adapter) => Promise<Standing>) => Promise<T>,
): Promise<T> {
  const ids = new Set(Object.values(baselines).flatMap(({ open, stateless }) => [open, stateless]));
  const loaded = new Map<string, () => Promise<Loaded>>();
  const standing = async (adapter: Adapter) => ({
    open: await loaded.get(baselines[adapter].open)?.(),
    stateless: await loaded.get(baselines[adapter].stateless)?.(),
  });
  const start = async ([first, ...others]: readonly Contender[]): Promise<T> => {
    if (first === undefined) return work(standing);
    return withApps(first, 1, surroundings, async ([app]) => {
      const loadedNow = () => loadedWith(first, app as RunningApp, options);
      await load({ ...(await loadedNow()).job, seconds: options.warmup });
      loaded.set(first.id, loadedNow);
      return start(others);
    });
  };
  return start(contenders.filter(({ id }) => ids.has(id)));
}

/** With tokens of this moment: those of the beginning would end within a round. */
async function loadedWith(contender: Contender, app: RunningApp, options: LoadOptions): Promise<Loaded> {
  const signedIn = await app.signIn(usersOf(options.sessions), true);
  return { contender, app, job: jobOf(app, signedIn, options) };
}
