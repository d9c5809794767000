import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveNews, LiveSessions } from 'nestjs-session-registry';
import { Client } from 'pg';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { TableNames } from '../../src/storage/sql/table-names.js';

const CHANNELS = ['', 'one_', 'other_'].map((prefix) => new TableNames({ prefix }).shared('session_changes'));

describe('live updates of two sets of tables in one PostgreSQL', () => {
  let at: TestDatabase;
  let outside: Client;
  const apps: TestApp[] = [];

  beforeAll(async () => {
    at = await createDatabase('postgres');
    outside = new Client({ connectionString: at.url });
    await outside.connect();
    for (const channel of CHANNELS) await outside.query(`LISTEN "${channel}"`);
    for (const prefix of ['one_', 'one_', 'other_'])
      apps.push(await startApp({ options: { database: at.options, tables: { prefix } } }));
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await outside.end();
    await at.drop();
  });

  it('reach the processes with the same tables, on a channel of their own', async () => {
    const [acting, watching] = apps as [TestApp, TestApp];
    const { session } = await acting.auth.login('ada');
    const news: LiveNews[] = [];
    const watcher = { userId: 'ada', guid: session.guid };
    const stop = await watching.nest.get(LiveSessions).watch(watcher, (one) => void news.push(one));
    const heard: string[] = [];
    outside.on('notification', ({ channel }: { channel: string }) => heard.push(channel));
    // Until the watching process has begun to listen.
    for (let round = 1; news.length === 0; round++) {
      const notified = once(outside, 'notification');
      await acting.registry.rename('ada', session.guid, `Kitchen ${round}`);
      await notified;
    }
    expect(news[0]).toMatchObject({ session: { guid: session.guid, name: expect.stringMatching(/^Kitchen/) } });
    expect(new Set(heard)).toEqual(new Set([CHANNELS[1]]));
    stop();
  });

  it('of the same user elsewhere go out on another channel', async () => {
    const other = apps[2] as TestApp;
    const notified = once(outside, 'notification');
    await other.auth.login('ada');
    expect(await notified).toMatchObject([{ channel: CHANNELS[2] }]);
    expect(await other.registry.list('ada')).toHaveLength(1);
  });
});
