import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import { SECRET, startApp, type TestApp } from '../support/app.js';
import { claimsOf } from '../support/client.js';
import { MemoryLog } from '../support/memory-log.js';
import { breakStore } from '../support/sqlite-file.js';

describe('the log (R53, ASVS 16.2.5)', () => {
  let app: TestApp;
  let log: MemoryLog;
  beforeEach(async () => {
    app = await startApp();
    log = MemoryLog.listen();
  });
  afterEach(async () => {
    Logger.overrideLogger(false);
    await app.close();
  });

  it('tells of a database that fails, and names no token, no secret and no refTokID', async () => {
    const { access_token, refresh_token } = await app.client.signIn();
    breakStore(app.file);
    expect((await app.client.profile(access_token)).status).toBe(503);
    expect((await app.client.refresh(refresh_token)).status).toBe(503);
    expect((await app.client.logout({ token: access_token })).status).toBe(503);
    const said = log.lines.join('\n');
    expect(said).toMatch(
      /error The session store fails: \[SQLITE_ERROR\] no such table: sessions, first at GET \/profile/,
    );
    const secrets = [access_token, refresh_token, SECRET, String(claimsOf(access_token).refTokID)];
    const signatures = [access_token, refresh_token].map((token) => token.split('.')[2] ?? '');
    expect([...secrets, ...signatures].filter((text) => said.includes(text))).toEqual([]);
  });

  it('does not mention hostile requests: they are expected, and would fill it', async () => {
    const { access_token } = await app.client.signIn();
    for (const token of ['garbage', `${access_token.slice(0, -3)}AAA`, 'a.b.c\u2028']) {
      await app.client.call('GET', '/profile', { headers: { authorization: `Bearer ${encodeURI(token)}` } });
      await app.client.refresh(token);
    }
    expect(log.lines).toEqual([]);
  });
});
