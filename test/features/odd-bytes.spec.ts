import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSourceOptions } from 'typeorm';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const ODD: [string, string][] = [
  ['NUL', 'before\u0000after'],
  ['only NUL', '\u0000'],
  ['a lone high surrogate', 'x\ud83d'],
  ['a lone low surrogate', '\ude00x'],
  ['four-byte emoji', '📱👩‍👩‍👧 phone'],
  ['CRLF', 'one\r\nSet-Cookie: two=3'],
  ['HTML', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
  ['quotes and backslashes', `'"\\'; DROP TABLE sessions; --`],
  ['right-to-left override', 'safe\u202eexe.txt'],
  ['64 kB', 'w'.repeat(65_536)],
  ['64 kB of emoji', '📱'.repeat(16_384)],
  ['every control character', String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code), 127, 133)],
  ['percent signs and underscores', '100%_done%'],
  ['nothing', ''],
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const UNCLEAN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

describe.each(DATABASES)('odd bytes on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;

  beforeAll(async () => {
    database = await createDatabase(kind);
    app = await startApp({ options: { database: database.options as DataSourceOptions } });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it.each(ODD)(
    '%s in a User-Agent, an address and a name: sign-in works, what is kept is clean and bounded',
    async (_, odd) => {
      const request = { ip: odd, headers: { 'user-agent': odd } };
      const { access_token, session } = await app.auth.login('ada', request, { deviceName: odd });
      const { body: listed } = await app.client.list(access_token);
      const view = listed.find(({ guid }) => guid === session.guid);
      expect(view).toEqual(session);
      expect(session.name.length).toBeGreaterThan(0);
      expect(session.name.length).toBeLessThanOrEqual(100);
      expect((session.ip ?? '').length).toBeLessThanOrEqual(45);
      for (const text of [session.name, session.ip ?? '', session.device.browser ?? '', session.device.os ?? '']) {
        expect(text).not.toMatch(UNCLEAN);
        expect(text.isWellFormed()).toBe(true);
      }
    },
  );

  it.each(ODD)('%s as the device name of a sign-in over HTTP', async (_, odd) => {
    const answer = await app.client.login('ada', { deviceName: odd });
    expect(answer.status).toBe(200);
    expect(answer.body.session.name).not.toMatch(UNCLEAN);
  });

  it.each(ODD)('%s as a new name is stored clean, or refused as malformed', async (_, odd) => {
    const { access_token, session } = await app.client.signIn('ada');
    const answer = await app.client.call<{ name: string }>('PATCH', `/sessions/${session.guid}`, {
      token: access_token,
      body: { name: odd },
    });
    expect([200, 400]).toContain(answer.status);
    if (answer.status === 200) expect(answer.body.name).not.toMatch(UNCLEAN);
  });

  it('keeps what is clean to the letter', async () => {
    const { session } = await app.auth.login(
      'ada',
      { ip: '2001:db8::1', headers: {} },
      { deviceName: '📱 Ada’s “phone” — 電話' },
    );
    expect(session).toMatchObject({ name: '📱 Ada’s “phone” — 電話', ip: '2001:db8::1' });
  });
});
