import { median } from '../../test/support/statistics.js';
import type { Surroundings } from '../contenders/running-app.js';
import { type Filled, onRows } from './on-rows.js';

const TIMES = 50;

/** How long the list of a user with the most sessions takes, over HTTP. */
export function measureListing(table: Filled, surroundings: Surroundings): Promise<string> {
  return onRows(table, surroundings, async ({ url }, [signedIn]) => {
    const times: number[] = [];
    let [listed, bytes] = [0, 0];
    for (let time = 0; time < TIMES; time++) {
      const startedAt = performance.now();
      const answer = await fetch(`${url}/sessions`, { headers: { ...signedIn?.credentials } });
      const text = await answer.text();
      times.push(performance.now() - startedAt);
      [listed, bytes] = [(JSON.parse(text) as unknown[]).length, text.length];
    }
    return `\nGET /sessions of ${listed} sessions: ${median(times).toFixed(1)} ms (median), ${Math.round(bytes / 1024)} kB.`;
  });
}
