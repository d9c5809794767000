import { median } from '../test/support/statistics.js';
import { PEERS } from './contenders/peers.js';
import type { Surroundings } from './contenders/running-app.js';
import { addDead, filled } from './growth/filled.js';
import { measureListing } from './growth/listing.js';
import type { MemoryJob, MemorySample } from './growth/memory-main.js';
import { type Filled, rateOn, specOf } from './growth/on-rows.js';
import { measurePurge } from './growth/purging.js';
import { alignedTable } from './report/table.js';
import { inSurroundings, say } from './suite.js';
import { Child } from './support/child.js';
import { readOptions } from './support/options.js';

const MILLION = 1_000_000;
/** How many rows there are, and how many each user has. */
const SIZES: readonly (readonly [number, number])[] = [
  [10_000, 1],
  [MILLION, 1],
  [10 * MILLION, 1],
  [100_000, 10],
  [100_000, 1_000],
];

const options = readOptions(process.argv.slice(2), process.env);
await inSurroundings(
  PEERS.filter(({ id }) => id === 'strict-PostgreSQL'),
  async (surroundings) => {
    const tables: Filled[] = [];
    try {
      for (const [rows, perUser] of SIZES) {
        say(`filling in ${rows.toLocaleString('en')} rows, ${perUser} a user`);
        tables.push({ database: await filled(rows, perUser), rows, perUser });
      }
      say(await rates(tables, surroundings));
      say(await measureListing(tables.at(-1) as Filled, surroundings));
      const [, million] = tables as [Filled, Filled];
      await addDead(million.database, 20 * MILLION, MILLION);
      say(await measurePurge(million, MILLION, options, surroundings));
      say(await memory(million, surroundings));
    } finally {
      for (const { database } of tables) await database.drop();
    }
  },
);

async function rates(tables: readonly Filled[], surroundings: Surroundings): Promise<string> {
  const seen: number[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    seen.push([]);
    for (const table of tables) seen[round]?.push(await rateOn(table, options, surroundings));
  }
  const rows = tables.map(({ rows, perUser }, table) => [
    `${rows.toLocaleString('en')} rows, ${perUser} a user`,
    median(seen.map((round) => round[table] ?? 0)).toFixed(0),
    median(seen.map((round) => (round[table] ?? 0) / (round[0] ?? 1))).toFixed(2),
  ]);
  return `\n${alignedTable({ columns: ['sessions', 'requests/s', '× 10,000 rows'], rows })}`;
}

async function memory(table: Filled, surroundings: Surroundings): Promise<string> {
  const job: MemoryJob = { checks: 10 * MILLION, sessions: table.rows, atOnce: options.connections };
  const spec = specOf(table, surroundings);
  const { child } = await Child.start({ main: 'growth/memory-main.ts', on: surroundings.server, spec });
  const samples = await child.ask<MemorySample[]>(job);
  await child.stop();
  const rows = samples.map(({ checks, heap, rss, perSecond }) =>
    [checks.toLocaleString('en'), heap, rss, perSecond.toFixed(0)].map(String),
  );
  return `\n${alignedTable({ columns: ['checks of 1,000,000 sessions', 'heap MB', 'resident MB', 'checks/s'], rows })}`;
}
