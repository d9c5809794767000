import type { Adapter } from '../contract/app-spec.js';
import type { Contender } from './contender.js';

/** The ids of the contenders that others are compared with, by adapter. */
export type Baselines = Record<Adapter, { open: string; stateless: string }>;

/** A value for each baseline of an adapter; undefined if that does not take part. */
export type PerBaseline<T> = Record<keyof Baselines[Adapter], T | undefined>;

/** The baselines on an adapter among those who take part. */
export function baselinesOn(
  adapter: Adapter,
  baselines: Baselines,
  contenders: readonly Contender[],
): PerBaseline<Contender> {
  const named = (id: string) => contenders.find((contender) => contender.id === id);
  return { open: named(baselines[adapter].open), stateless: named(baselines[adapter].stateless) };
}
