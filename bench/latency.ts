import { median } from '../test/support/statistics.js';
import { PEERS } from './contenders/peers.js';
import { measureLatency } from './latency/measure-latency.js';
import { roundTripOf } from './latency/round-trip.js';
import { alignedTable } from './report/table.js';
import { inSurroundings, say } from './suite.js';
import { readOptions } from './support/options.js';

/** At half load: what a request waits for beside the work itself. */
const IDS = ['no-guard', 'strict-SQLite', 'strict-PostgreSQL'];

const options = readOptions(process.argv.slice(2), process.env);
const contenders = IDS.flatMap((id) => PEERS.filter((contender) => contender.id === id));
await inSurroundings(contenders, async (surroundings) => {
  const rows = await measureLatency(contenders, options, surroundings);
  const table = rows.map(({ title, perSecond, p50, p99, ratios }) => [
    title,
    ...[perSecond, p50, p99, median(ratios)].map((n) => n.toFixed(2)),
    ratios.map((ratio) => ratio.toFixed(2)).join(' '),
  ]);
  const columns = ['guard', 'requests/s', 'p50 ms', 'p99 ms', 'p99 × no guard', 'each round'];
  say(`\n${alignedTable({ columns, rows: table })}`);
  say(`\nOne prepared query to PostgreSQL and back: ${(await roundTripOf(surroundings.urls)).toFixed(2)} ms (median).`);
});
