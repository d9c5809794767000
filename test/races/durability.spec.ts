import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcess } from '../support/process/app-process.js';

const LONG = process.env.RACES === 'long';
const KILLS = LONG ? 200 : 4;
/** Processes started ahead, so that the kill does not wait for the next to come up. */
const AT_ONCE = 2;
const PATIENCE = LONG ? 1_800_000 : 120_000;

describe.each(DATABASES)('a process over %s that is killed', (kind) => {
  let database: TestDatabase;
  let witness: AppProcess;
  const start = () => startProcess({ auth: { secret: SECRET, database: database.options, migrate: true } });

  beforeAll(async () => {
    database = await createDatabase(kind);
    witness = await start();
  }, PATIENCE);
  afterAll(async () => {
    await witness.stop();
    await database.drop();
  });

  it(
    `right after it acknowledged a sign-out has ended the session for good, ${KILLS} times`,
    async () => {
      let dead = 0;
      for (let kill = 0; kill < KILLS; kill += AT_ONCE) {
        const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, signOutAndKill));
        dead += outcomes.filter(Boolean).length;
      }
      process.stdout.write(`      ${kind}: ${KILLS} kills, ${KILLS - dead} sessions that lived on\n`);
      expect(dead).toBe(KILLS);
    },
    PATIENCE,
  );

  async function signOutAndKill(): Promise<boolean> {
    const victim = await start();
    const { body: pair } = await victim.client.call<TokenPair>('POST', '/open', { body: { userId: 'ada' } });
    expect((await witness.client.profile(pair.access_token)).status).toBe(200);
    const acknowledged = await victim.client.logout({ token: pair.access_token });
    await victim.kill();
    expect(acknowledged.status).toBe(204);
    const statuses = [
      await witness.client.profile(pair.access_token),
      await witness.client.refresh(pair.refresh_token),
    ];
    return statuses.every(({ status }) => status === 401);
  }
});
