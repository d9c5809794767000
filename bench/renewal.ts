import { DataSource } from 'typeorm';
import { createDatabase } from '../test/support/databases.js';
import { median } from '../test/support/statistics.js';
import { PEERS } from './contenders/peers.js';
import type { Surroundings } from './contenders/running-app.js';
import { pgbench } from './renewal/pgbench.js';
import type { RenewalJob, RenewalSpec } from './renewal/renewal-job.js';
import { alignedTable } from './report/table.js';
import { inSurroundings, say } from './suite.js';
import { Child } from './support/child.js';
import { readOptions } from './support/options.js';

const CONNECTIONS = 10;
const WHATS = ['renew', 'refresh', 'login'] as const;
const TITLES = {
  renew: 'SessionRegistry.renew: the exchange alone',
  refresh: 'AuthService.refresh: verified, exchanged, two tokens signed',
  login: 'AuthService.login: a session opened, two tokens signed',
};

const { rounds, seconds, sessions, warmup } = readOptions(process.argv.slice(2), process.env);
await inSurroundings(
  PEERS.filter(({ id }) => id === 'strict-PostgreSQL'),
  async (surroundings) => {
    const seen: Record<string, number[]> = { pgbench: [], renew: [], refresh: [], login: [] };
    for (let round = 0; round < rounds; round++) {
      for (const [what, rate] of Object.entries(await measureRound(surroundings))) seen[what]?.push(rate);
    }
    const middle = (what: string) => median(seen[what] ?? []);
    const shares = (what: string) =>
      median((seen[what] ?? []).map((rate, round) => rate / (seen.pgbench?.[round] ?? 1)));
    const rows = WHATS.map((what) => [TITLES[what], middle(what).toFixed(0), shares(what).toFixed(2)]);
    const columns = [`${CONNECTIONS} connections`, 'a second', '× pgbench'];
    say(
      `\n${alignedTable({ columns, rows: [['pgbench: one prepared UPDATE', middle('pgbench').toFixed(0), '1.00'], ...rows] })}`,
    );
  },
);

/** pgbench takes the place of the app on its core; the database is on the other one each time. */
async function measureRound({ server }: Surroundings): Promise<Record<string, number>> {
  const database = await createDatabase('postgres');
  const spec: RenewalSpec = { database: database.options, connections: CONNECTIONS };
  const { child } = await Child.start({ main: 'renewal/renewal-main.ts', on: server, spec });
  try {
    const ask = (what: RenewalJob['what'], time: number) => child.ask<number>({ what, sessions, seconds: time });
    await ask('login', warmup);
    await fillFor(database.url);
    const rates: Record<string, number> = { pgbench: pgbench(database.url, CONNECTIONS, seconds, server) };
    for (const what of ['refresh', 'renew', 'login'] as const) {
      await ask(what, warmup);
      rates[what] = await ask(what, seconds);
      say(`  ${TITLES[what]}: ${Math.round(rates[what])} a second, pgbench ${Math.round(rates.pgbench ?? 0)}`);
    }
    return rates;
  } finally {
    await child.stop();
    await database.drop();
  }
}

/** Rows for pgbench, like the others. */
async function fillFor(url: string): Promise<void> {
  const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
  const columns = '"guid", "userId", "refTokID", "ticket", "createdAt", "lastActiveAt", "expiresAt", "purgeAt"';
  await dataSource.query(
    `INSERT INTO sessions (${columns}) SELECT 'pgbench-' || n, 'user-' || n, 'generation', 0, 1, 1, 9e15, 9e15 FROM generate_series(1, 1000) n`,
  );
  await dataSource.query('VACUUM ANALYZE sessions');
  await dataSource.destroy();
}
