import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { SECRET } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { EventReader } from '../support/event-reader.js';
import { type AppProcess, startProcesses } from '../support/process/app-process.js';

const USERS = 8;
const PATIENCE = 120_000;

describe.each(DATABASES)('two processes over %s', (kind) => {
  let database: TestDatabase;
  let processes: AppProcess[];
  const [here, there] = [() => processes[0] as AppProcess, () => processes[1] as AppProcess];

  beforeAll(async () => {
    database = await createDatabase(kind);
    processes = await startProcesses(2, { auth: { secret: SECRET, database: database.options, migrate: true } });
  }, PATIENCE);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await database.drop();
  });

  const open = async (userId: string) =>
    (await here().client.call<TokenPair>('POST', '/open', { body: { userId } })).body;
  const end = (path: string, { access_token: token }: TokenPair) => here().client.call('DELETE', path, { token });

  /** A user with two devices, each with a stream at the other process. */
  async function watched(userId: string) {
    const pairs = [await open(userId), await open(userId)] as const;
    const streams = await Promise.all(
      pairs.map(({ access_token }) => EventReader.open(there().client.baseUrl, access_token)),
    );
    return { pairs, streams: streams as [EventReader, EventReader] };
  }

  it('end the streams of what the other one ended, with the reason, and leave the others open', async () => {
    const users = await Promise.all(Array.from({ length: USERS }, (_, n) => watched(`user-${n}`)));
    const delays: number[] = [];
    await Promise.all(
      users.map(async ({ pairs: [desk, phone], streams: [onDesk, onPhone] }, n) => {
        if (n % 2 === 0) await end(`/sessions/${phone.session.guid}`, desk);
        else await end('/sessions?except=current', desk);
        const from = performance.now();
        await onPhone.over();
        delays.push(performance.now() - from);
        expect(onPhone.events.at(-1)).toMatchObject({
          type: 'session.revoked',
          session: { guid: phone.session.guid, current: true, endReason: 'revoked' },
        });
        await onDesk.heard(({ type, session: { guid } }) => type === 'session.revoked' && guid === phone.session.guid);
        expect(onDesk.isOver).toBe(false);
        await end('/sessions', desk);
        await onDesk.over();
        expect(onDesk.events.at(-1)?.session).toMatchObject({ current: true, endReason: 'revoked_all' });
      }),
    );
    process.stdout.write(`      ${kind}: told after ${Math.round(Math.max(...delays))} ms at most\n`);
  });

  it('tell of sign-ins and names at the other one', async () => {
    const { pairs, streams } = await watched('grace');
    const { session } = await open('grace');
    await here().client.call('PATCH', `/sessions/${session.guid}`, {
      token: pairs[0].access_token,
      body: { name: 'Kitchen' },
    });
    for (const stream of streams) {
      await stream.heard(({ session: { guid, name } }) => guid === session.guid && name === 'Kitchen');
      stream.leave();
    }
  });

  if (kind !== 'postgres') return;

  it('hear each other again after their connection was cut', async () => {
    const { pairs, streams } = await watched('linus');
    await onServer(database, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
    await end(`/sessions/${pairs[1].session.guid}`, pairs[0]);
    await streams[1].over();
    expect(streams[1].events.at(-1)?.session).toMatchObject({ current: true, endReason: 'revoked' });
    streams[0].leave();
  });
});

async function onServer({ options }: TestDatabase, sql: string): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  await dataSource.query(sql);
  await dataSource.destroy();
}
