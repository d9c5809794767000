import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { ADAPTERS, type Adapter, SECRET } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { type AppProcess, startProcess } from '../support/process/app-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const LONG = process.env.RACES === 'long';
const CLIENTS = 40;
const ROUNDS = LONG ? 20 : 1;
const PATIENCE = LONG ? 1_200_000 : 120_000;
/** What a process may take: requests in the guard, then `shutdownTimeout`, and what a busy machine adds. */
const TIME_TO_END = 30_000;
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Whether the process ended by itself in time; one that did not is killed. */
async function ends(process: AppProcess): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(done, TIME_TO_END, false);
  });
  const ended = await Promise.race([process.stop().then(() => true), late]);
  clearTimeout(timer);
  if (!ended) await process.kill();
  return ended;
}

async function signIn({ client }: AppProcess): Promise<TokenPair> {
  return (await client.call<TokenPair>('POST', '/open', { body: { userId: 'ada' } })).body;
}

/** Opens a stream, loses it and comes again, until the process is gone. */
async function comeAgain(url: string, { access_token }: TokenPair): Promise<void> {
  for (;;) {
    const stream = await EventReader.open(url, access_token).catch(() => undefined);
    if (!stream) return;
    await Promise.race([stream.over(), new Promise((done) => setTimeout(done, Math.random() * 20))]);
    stream.leave();
  }
}

describe.each(ADAPTERS)('a process that is told to stop (%s)', (adapter: Adapter) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase('sqlite');
  });
  afterAll(() => database.drop());

  it(
    `ends while ${CLIENTS} clients open streams again and again`,
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const auth = { secret: SECRET, database: database.options, migrate: true };
        const process = await startProcess({ auth, adapter });
        const pairs = await Promise.all(Array.from({ length: CLIENTS }, () => signIn(process)));
        const coming = pairs.map((pair) => comeAgain(process.client.baseUrl, pair));
        await new Promise((done) => setTimeout(done, 200));
        expect(await ends(process)).toBe(true);
        await Promise.all(coming);
      }
    },
    PATIENCE,
  );
});

if (DATABASES.includes('postgres')) {
  describe.each(ADAPTERS)('a process over PostgreSQL that is told to stop (%s)', (adapter: Adapter) => {
    let database: TestDatabase;
    let locker: DataSource;
    let process: AppProcess;

    beforeAll(async () => {
      database = await createDatabase('postgres');
      locker = await new DataSource(database.options).initialize();
      const auth = { secret: SECRET, database: database.options, migrate: true, touchInterval: '0s' } as const;
      process = await startProcess({ auth, adapter });
    }, PATIENCE);
    afterAll(async () => {
      await process.kill();
      await locker.destroy();
      await database.drop();
    });

    it('ends with twenty streams waiting in the guard, and keeps their touches', async () => {
      const pair = await signIn(process);
      const signedInAt = await lastActiveOf(locker, pair);
      const opening: Promise<EventReader | undefined>[] = [];
      let stopping: Promise<boolean> | undefined;
      await locker.transaction(async (lock) => {
        await lock.query('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
        // One that is not accepted by the time the process stops is refused by the operating system.
        const open = () => EventReader.open(process.client.baseUrl, pair.access_token).catch(() => undefined);
        for (let n = 0; n < 20; n++) opening.push(open());
        while ((await lock.query(WAITING)).length === 0) await new Promise((done) => setTimeout(done, 20));
        await new Promise((done) => setTimeout(done, 200));
        stopping = ends(process);
        await new Promise((done) => setTimeout(done, 200));
      });
      expect(await stopping).toBe(true);
      const answers = (await Promise.all(opening)).flatMap((one) => one ?? []);
      const statuses = answers.map(({ response }) => response.status);
      expect(statuses).toContain(200);
      // What reaches Fastify after it began to close it answers 503 by itself.
      expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(await lastActiveOf(locker, pair)).toBeGreaterThan(signedInAt);
    });
  });

  it('a process ends although its database hangs, with streams open and in the guard', async () => {
    const database = await createDatabase('postgres');
    const { proxy, url } = await TcpProxy.before(database.url);
    const process = await startProcess({
      auth: { secret: SECRET, database: { type: 'postgres', url }, migrate: true },
    });
    const { access_token } = await signIn(process);
    const stream = await EventReader.open(process.client.baseUrl, access_token);
    await proxy.become('hang');
    const open = () => EventReader.open(process.client.baseUrl, access_token).catch(() => undefined);
    const opening = Array.from({ length: 19 }, open);
    await new Promise((done) => setTimeout(done, 100));
    expect(await ends(process)).toBe(true);
    await Promise.all([stream.over(), ...opening]);
    await proxy.stop();
    await database.drop();
  });
}

async function lastActiveOf(dataSource: DataSource, { session }: TokenPair): Promise<number> {
  const [row] = await dataSource.query('SELECT "lastActiveAt" FROM sessions WHERE guid = $1', [session.guid]);
  return Number(row.lastActiveAt);
}
