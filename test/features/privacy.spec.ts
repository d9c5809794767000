import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { SECRET, startApp, type TestApp } from '../support/app.js';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const headers = { 'user-agent': AGENT };

/** Every value in every column of the sessions table. */
function values(app: TestApp): unknown[] {
  const database = new Database(app.file);
  const rows = database.prepare('SELECT * FROM sessions').all() as Record<string, unknown>[];
  database.close();
  return rows.flatMap((row) => Object.values(row));
}

/** Signs in, calls after the touch interval and renews, so that each way into the row was taken. */
async function useEverything(app: TestApp): Promise<string> {
  const { access_token, refresh_token } = await app.client.signIn('ada', { headers });
  app.clock.advance(120_000);
  await app.client.call('GET', '/profile', { token: access_token, headers });
  await app.registry.flushTouches();
  const { body } = await app.client.call<{ access_token: string }>('POST', '/auth/refresh', {
    body: { refresh_token },
    headers,
  });
  return body.access_token;
}

describe('what is kept of a client (ASVS 14.2.4)', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('is its address and its User-Agent, unless told otherwise', async () => {
    app = await startApp();
    const token = await useEverything(app);
    expect(values(app)).toEqual(expect.arrayContaining(['127.0.0.1', AGENT]));
    expect((await app.client.list(token)).body[0]).toMatchObject({
      ip: '127.0.0.1',
      device: { type: 'desktop', browser: 'Firefox', os: 'Linux' },
    });
  });

  it('does not include the address with recordIp: false', async () => {
    app = await startApp({ options: { recordIp: false } });
    const token = await useEverything(app);
    expect(values(app)).toContain(AGENT);
    expect(values(app)).not.toContain('127.0.0.1');
    expect((await app.client.list(token)).body[0]).toMatchObject({ ip: null, device: { browser: 'Firefox' } });
  });

  it('does not include the User-Agent with recordUserAgent: false', async () => {
    app = await startApp({ options: { recordUserAgent: false } });
    const token = await useEverything(app);
    expect(values(app)).toContain('127.0.0.1');
    expect(values(app)).not.toContain(AGENT);
    expect((await app.client.list(token)).body[0]).toMatchObject({
      device: { type: 'unknown', browser: null, os: null },
    });
  });
});

describe('what is kept of a user', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startApp();
  });
  afterEach(() => app.close());

  it('is gone when the registry is told to forget them, and nobody else is', async () => {
    const ada = await app.client.signIn('ada', { headers });
    const bob = await app.client.signIn('bob');
    await app.client.logout({ token: (await app.client.signIn('ada', { headers })).access_token });
    expect((await app.client.profile(ada.access_token)).status).toBe(200);
    expect(await app.registry.forget('id-of-ada')).toBe(2);
    expect(values(app)).not.toContain(AGENT);
    expect(values(app)).not.toContain('id-of-ada');
    expect((await app.client.profile(bob.access_token)).status).toBe(200);
  });

  it('does not outlive it as a session: every token is dead, and a sign-in under way is refused', async () => {
    const ada = await app.client.signIn();
    const ticket = await app.auth.currentTicket();
    await app.registry.forget('id-of-ada');
    expect(app.events.at(-1)).toMatchObject({ name: 'revoked', event: { reason: 'user_disabled', count: 1 } });
    expect((await app.client.profile(ada.access_token)).status).toBe(401);
    expect((await app.client.refresh(ada.refresh_token)).status).toBe(401);
    await expect(app.auth.login('id-of-ada', undefined, { ticket })).rejects.toMatchObject({ reason: 'cut_off' });
  });
});

describe('tokens at rest (R35)', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('are in no file of the database: no token, no signature, no secret', async () => {
    app = await startApp();
    const issued: string[] = [];
    for (let n = 0; n < 100; n++) {
      const first = await app.client.signIn();
      const { body } = await app.client.refresh(first.refresh_token);
      issued.push(first.access_token, first.refresh_token, body.access_token, body.refresh_token);
    }
    const files = ['', '-wal', '-shm'].map((ending) => readFileSync(app.file + ending, 'latin1')).join('');
    const secrets = issued.flatMap((token) => [token, token.split('.')[2] ?? '', token.split('.')[1] ?? '']);
    expect(files).toContain('id-of-ada');
    expect([...secrets, SECRET].filter((text) => files.includes(text))).toEqual([]);
  });
});
