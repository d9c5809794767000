import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcesses } from '../support/process/app-process.js';
import type { Mutation } from '../support/process/mutations.js';
import { Clients, generationOf, NO_FINDINGS } from './clients.js';

const LONG = process.env.RACES === 'long';
const REVOKES = LONG ? 10_000 : 60;
const ROUNDS = LONG ? 1_000 : 6;
const WAYS = 50;
const PROCESSES = 3;
const RUN = { clients: 24, users: 12 };
const PATIENCE = LONG ? 3_600_000 : 120_000;

describe.each(DATABASES)('three processes over %s', (kind) => {
  let database: TestDatabase;
  let processes: AppProcess[];

  async function start(mutation?: Mutation): Promise<void> {
    const auth = { secret: SECRET, database: database.options, migrate: true };
    processes = await startProcesses(PROCESSES, { auth, ...(mutation && { mutation }) });
  }
  const stop = () => Promise.all(processes.map((process) => process.stop()));
  const clients = (revokes: number) =>
    new Clients(
      processes.map(({ client }) => client),
      { ...RUN, revokes },
    );

  beforeAll(async () => {
    database = await createDatabase(kind);
    await start();
  }, PATIENCE);
  afterAll(async () => {
    await stop();
    await database.drop();
  });

  it(
    'accept nothing after a revoke, fork no session and lose none',
    async () => {
      const race = clients(REVOKES);
      await race.run();
      const { revoked, accepted, exchanged } = race.history;
      const found = await race.findings();
      say(
        `${kind}: ${revoked.length} revokes, ${accepted.length} accepted requests, ${exchanged.length} renewals`,
        found,
      );
      expect(found).toEqual(NO_FINDINGS);
      expect(accepted.length).toBeGreaterThan(revoked.length);
    },
    PATIENCE,
  );

  it(
    'give one successor to fifty who renew at once',
    async () => {
      const [first] = processes;
      if (!first) throw new Error('no process');
      let { body: pair } = await first.client.call<{ refresh_token: string }>('POST', '/open', {
        body: { userId: 'ada' },
      });
      for (let round = 0; round < ROUNDS; round++) {
        const { refresh_token } = pair;
        const requests = Array.from({ length: WAYS }, (_, n) =>
          processes[n % PROCESSES]?.client.refresh(refresh_token),
        );
        const answers = await Promise.all(requests);
        expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200]));
        expect(new Set(answers.map((answer) => generationOf(answer?.body.refresh_token ?? ''))).size).toBe(1);
        pair = answers[0]?.body ?? pair;
      }
      say(`${kind}: ${ROUNDS} rounds of ${WAYS} renewals`, {});
    },
    PATIENCE,
  );

  // Whether the checker sees what is wrong does not depend on the database.
  // Whether the checker sees a break takes as long as all of the above.
  if (!LONG) return;

  it(
    'are caught by the checker without the row check',
    async () => {
      await stop();
      await start('no row check');
      const race = clients(60);
      await race.run();
      expect(race.history.lateAcceptances().length).toBeGreaterThan(0);
    },
    PATIENCE,
  );

  it(
    'are caught by the checker when renewal reads and then writes',
    async () => {
      await stop();
      await start('read then write');
      const race = clients(60);
      await race.run();
      expect(race.history.forks().length).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});

function say(text: string, found: Record<string, string[]>): void {
  const violations = Object.values(found).flat().length;
  process.stdout.write(`      ${text}, ${violations} violations\n`);
}
