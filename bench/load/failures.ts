import type { LoadResult } from './wrk.js';

/** Returns the result if every request succeeded. Otherwise throws an error that says what failed. */
export function refuseFailures<T extends LoadResult>({ title }: { title: string }, result: T): T {
  const failures = Object.entries(result.failures).map(([what, count]) => `${count} ${what}`);
  if (failures.length > 0) throw new Error(`${title}: not every request was answered, but ${failures.join(', ')}`);
  if (result.requests === 0) throw new Error(`${title}: no request was answered`);
  return result;
}
