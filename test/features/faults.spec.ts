import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import { SessionEvents } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import { FaultLog } from '../../src/faults/fault-log.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { expectUnavailable } from '../support/expect.js';
import { MINUTE, SECOND } from '../support/times.js';
import { MemoryLog } from '../support/memory-log.js';
import { NotesController, PassportNotesController } from '../support/notes.js';
import { execute } from '../support/sqlite-file.js';

/** Requests while something fails. */
const MANY = 300;

describe.each(ADAPTERS)('a fault on %s', (adapter) => {
  let app: TestApp;
  let log: MemoryLog;
  beforeEach(async () => {
    const controllers = [NotesController, PassportNotesController];
    app = await startApp({ adapter, controllers, providers: [JwtSessionStrategy] });
    log = MemoryLog.listen();
  });
  afterEach(async () => {
    Logger.overrideLogger(false);
    await app.close();
  });

  const breakStore = () => execute(app.file, 'ALTER TABLE sessions RENAME TO away');
  const mendStore = () => execute(app.file, 'ALTER TABLE away RENAME TO sessions');
  function pass(milliseconds: number): void {
    app.clock.advance(milliseconds);
    app.nest.get(FaultLog).tick();
  }
  async function askOften(path: string, token: string): Promise<void> {
    const requests = Array.from({ length: MANY }, () => app.client.call('GET', path, { token }));
    for (const answer of await Promise.all(requests)) expectUnavailable(answer);
  }

  it('of the store is three lines, however many requests it meets: begin, count, over', async () => {
    const { access_token } = await app.client.signIn();
    breakStore();
    await askOften('/profile', access_token);
    pass(30 * SECOND);
    await askOften('/notes', access_token);
    mendStore();
    expect((await app.client.profile(access_token)).status).toBe(200);
    pass(10 * SECOND);
    pass(10 * MINUTE);
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^error The session store fails: \[SQLITE_ERROR\] no such table: .*first at GET \/profile\./,
      ),
      expect.stringMatching(/^error The session store fails \(for 30 s now\): 300 failures, 300 requests answered 503/),
      expect.stringMatching(/^warn The session store works again\. .* 30 s: 600 failures, 600 requests answered 503\./),
    ]);
  });

  it.each([
    ['behind passport', 'GET', '/passport/notes', /first at GET \/passport\/notes\./],
    [
      'of the library',
      'DELETE',
      '/sessions/11111111-1111-4111-8111-111111111111',
      /first at DELETE \/sessions\/:guid\./,
    ],
    ['with a query', 'GET', '/notes?code=abc', /first at GET \/notes\./],
  ])('names the route %s by its pattern', async (_what, method, path, where) => {
    const { access_token: token } = await app.client.signIn();
    breakStore();
    expectUnavailable(await app.client.call(method, path, { token }));
    expect(log.lines).toEqual([expect.stringMatching(where)]);
    expect(log.lines.join()).not.toMatch(/11111111|abc/);
  });

  it('met in the background is told as well, once', async () => {
    const { access_token } = await app.client.signIn();
    app.clock.advance(2 * MINUTE);
    await app.client.profile(access_token);
    breakStore();
    await expect(app.registry.flushTouches()).rejects.toMatchObject({ reason: 'store_failed' });
    await expect(app.registry.purge()).rejects.toMatchObject({ reason: 'store_failed' });
    await new Promise(setImmediate);
    expect(log.lines).toEqual([
      expect.stringMatching(/^error The session store fails: .*no such table: \S+\. Requests/),
    ]);
  });

  it("of the app's users names the place in the app, and is over when they answer again", async () => {
    const { isActive } = app.users;
    app.users.isActive = () => {
      throw new Error('the directory is away');
    };
    for (let sign = 0; sign < 20; sign++) expectUnavailable(await app.client.login('ada'));
    app.users.isActive = isActive;
    await app.client.signIn();
    pass(10 * SECOND);
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^error The app's `users` fail: the directory is away \(at .*faults\.spec\.ts:\d+:\d+\)?\), first at POST \/auth\/login\./,
      ),
      expect.stringMatching(/^warn The app's `users` answer again\. .* 20 failures, 20 requests answered 503\./),
    ]);
  });

  it("of the app's users by an answer of the wrong type says which, and what to write", async () => {
    app.users.isActive = (() => 1) as never;
    for (let sign = 0; sign < 2; sign++) expectUnavailable(await app.client.login('ada'));
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^error The app's `users` fail: `users\.isActive` has to answer true or false, and this is the number 1\. Compare the value in your class, such as `return user\?\.active === 1`/,
      ),
    ]);
  });

  it('of a listener is one line, whatever the event', async () => {
    app.nest.get(SessionEvents).on('refused', () => Promise.reject(new Error('the audit is full')));
    for (let count = 0; count < 20; count++) await app.client.profile('garbage');
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^error A listener of session events fails: the audit is full .*first at a listener of 'refused'/,
      ),
    ]);
  });

  it('of a clock that is behind is told by the genuine tokens it refuses, and by no others', async () => {
    const { access_token } = await app.client.signIn();
    app.clock.advance(-5 * MINUTE);
    await app.client.profile(`${access_token.slice(0, -3)}AAA`);
    expect(log.lines).toEqual([]);
    for (let count = 0; count < 20; count++) expect((await app.client.profile(access_token)).status).toBe(401);
    app.clock.advance(5 * MINUTE);
    expect((await app.client.profile(access_token)).status).toBe(200);
    pass(5 * MINUTE);
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^error Genuine tokens are refused as dated ahead: a token is dated 300 s ahead .*GET \/profile/,
      ),
      expect.stringMatching(/^warn No token was dated ahead for 5 minutes\. .* 20 failures\./),
    ]);
  });
});
