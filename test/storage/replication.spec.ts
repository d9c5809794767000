import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('%s with a replica', (kind) => {
  let primary: TestDatabase;
  let replica: TestDatabase;
  let app: TestApp;

  beforeAll(async () => {
    primary = await createDatabase(kind);
    // Empty, and so an error for whoever asks it.
    replica = await createDatabase(kind);
    const replication = { master: { url: primary.url }, slaves: [{ url: replica.url }] };
    app = await startApp({ options: { database: { type: kind, replication } as DataSourceOptions } });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await primary.drop();
    await replica.drop();
  });

  it('asks the primary for everything', async () => {
    const pair = await app.client.signIn();
    const renewed = await app.client.refresh(pair.refresh_token);
    expect((await app.client.profile(renewed.body.access_token)).status).toBe(200);
    expect((await app.client.list(renewed.body.access_token)).body).toHaveLength(1);
    expect((await app.client.logout({ token: renewed.body.access_token })).status).toBe(204);
    expect((await app.client.profile(renewed.body.access_token)).status).toBe(401);
    const { access_token } = await app.client.signIn();
    expect((await app.client.listEnded(access_token)).body.map(({ endReason }) => endReason)).toEqual(['signed_out']);
    expect((await app.client.call('DELETE', '/sessions', { token: access_token })).body).toEqual({ revoked: 1 });
    expect(await app.registry.purge()).toBe(0);
  });
});
