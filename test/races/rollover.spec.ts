import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyOption } from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { Fleet, LoadClient, OTHER_SECRET } from './fleet.js';

const LONG = process.env.RACES === 'long';
const PROCESSES = LONG ? 3 : 2;
const CLIENTS = LONG ? 16 : 8;
/** Calls of each client between two deployments. */
const CALLS = LONG ? 500 : 10;
const PATIENCE = LONG ? 3_600_000 : 180_000;

const old: KeyOption = { kid: 'old', secret: SECRET };
const young: KeyOption = { kid: 'young', secret: OTHER_SECRET };
const privateKey = String(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
);
const pair: KeyOption = { kid: 'pair', privateKey };

/** The deployments of `docs/keys.md`: the new key verifies everywhere, then signs, then stands alone. */
const DEPLOYMENTS: [string, KeyOption[][]][] = [
  ['a secret to a secret', [[old], [old, young], [young, old], [young]]],
  ['a secret to a pair of keys', [[old], [old, pair, young], [pair, young, old], [pair, young]]],
];

/** The second rolls the key of both kinds of token over, one of them to a pair; the first takes its time in the long run. */
const ROLLOVERS = LONG ? DEPLOYMENTS : DEPLOYMENTS.slice(1);

describe('a fleet under load that rolls over from', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let clients: LoadClient[];

  beforeEach(async () => {
    database = await createDatabase('postgres');
    fleet = new Fleet(database);
    clients = Array.from({ length: CLIENTS }, () => new LoadClient(fleet));
  });
  afterEach(async () => {
    await fleet.stop();
    await database.drop();
  });

  /** Rolls out each of the deployments while the clients work; each has renewed before the last. */
  async function rollOver([first = [], ...others]: KeyOption[][]): Promise<void> {
    await fleet.start(PROCESSES, first);
    await Promise.all(clients.map((client, n) => client.signIn(`user-${n}`)));
    let goesOn = true;
    const work = Promise.all(clients.map((client) => client.work(() => goesOn)));
    for (const keys of others) {
      await callsMore(CALLS);
      await fleet.roll(keys);
    }
    await callsMore(CALLS);
    goesOn = false;
    await work;
  }

  async function callsMore(count: number): Promise<void> {
    const goals = clients.map(({ calls }) => calls + count);
    while (clients.some(({ calls }, n) => calls < (goals[n] ?? 0))) await new Promise(setImmediate);
  }

  const refusals = () => clients.flatMap(({ refused }) => refused);
  const calls = () => clients.reduce((sum, client) => sum + client.calls, 0);

  it.each(ROLLOVERS)(
    '%s refuses nobody on the way, and the retired key for good',
    async (_, deployments) => {
      await rollOver(deployments);
      expect(refusals()).toEqual([]);
      const retired = clients.flatMap(({ tokens }) => tokens.filter(({ kid }) => kid === 'old'));
      expect(retired.length).toBeGreaterThan(2 * CLIENTS);
      const answers = await Promise.all(
        retired.map(({ kind, token }) =>
          fleet.request(
            (node): Promise<{ status: number }> => (kind === 'access' ? node.profile(token) : node.refresh(token)),
          ),
        ),
      );
      expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
      // The sessions live on: it was the key, not they.
      await Promise.all(clients.map((client) => client.renew()));
      expect(refusals()).toEqual([]);
      process.stdout.write(
        `      ${calls()} calls, 0 refused; ${retired.length} tokens of the retired key, all refused\n`,
      );
    },
    PATIENCE,
  );

  if (!LONG) return;
  it(
    'a key to another that nobody knew before it signed is refused on the way: the test would notice',
    async () => {
      await rollOver([[old], [young, old]]);
      expect(refusals()).not.toEqual([]);
    },
    PATIENCE,
  );
});
