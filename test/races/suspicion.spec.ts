import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type AppProcess, startProcesses } from '../support/process/app-process.js';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const PATIENCE = 120_000;

describe.each(DATABASES)('two processes over %s', (kind) => {
  let database: TestDatabase;
  let processes: AppProcess[];

  beforeAll(async () => {
    database = await createDatabase(kind);
    processes = await startProcesses(2, { auth: { secret: SECRET, database: database.options, migrate: true } });
  }, PATIENCE);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await database.drop();
  });

  const node = (n: number) => (processes[n % 2] as AppProcess).client;
  const open = async (userId: string) => (await node(0).call<TokenPair>('POST', '/open', { body: { userId } })).body;
  const renew = async (at: number, refresh_token: string, agent: string) =>
    (
      await node(at).call<TokenPair>('POST', '/auth/refresh', {
        body: { refresh_token },
        headers: { 'user-agent': agent },
      })
    ).body;

  it.each<[string, (round: number) => [number, number]]>([
    ['owner and thief each at their own', () => [0, 1]],
    ['both at either, in turn', (round) => [round, round >> 1]],
  ])('suspect a session, %s', async (userId, nodesOf) => {
    let owner = await open(userId);
    let stolen = owner.refresh_token;
    const seen: boolean[] = [];
    for (let round = 0; round < 5; round++) {
      const [ofOwner, ofThief] = nodesOf(round);
      owner = await renew(ofOwner, owner.refresh_token, CHROME);
      stolen = (await renew(ofThief, stolen, FIREFOX)).refresh_token;
      const { body } = await node(round).list(owner.access_token);
      seen.push(body[0]?.suspected !== undefined);
    }
    expect(seen).toEqual([false, false, false, false, true]);
  });

  it('count a generation once, however many ask both of them at once', async () => {
    let owner = await open('crowd');
    for (let round = 0; round < 4; round++) {
      const stolen = owner.refresh_token;
      owner = await renew(round, stolen, CHROME);
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => renew(n, stolen, FIREFOX)));
      expect(answers.every(({ session }) => session.guid === owner.session.guid)).toBe(true);
    }
    expect((await node(0).list(owner.access_token)).body).not.toMatchObject([{ suspected: expect.anything() }]);
    const stolen = owner.refresh_token;
    owner = await renew(0, stolen, CHROME);
    await renew(1, stolen, FIREFOX);
    expect((await node(0).list(owner.access_token)).body).toMatchObject([{ suspected: expect.anything() }]);
  });
});
