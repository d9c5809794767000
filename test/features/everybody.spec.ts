import { afterEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { HOUR, SECOND } from '../support/times.js';
import { allRows, eventsNamed, rowOf, verdictOf } from '../support/inspect.js';

const CREDENTIALS = { username: 'ada', password: 'ada-password' };

let app: TestApp;
afterEach(() => app.close());

const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const refreshing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));

/** A sign-in whose password check waits until it is released. */
function beginHeld<T>(signIn: () => Promise<T>): () => Promise<T> {
  let open = () => {};
  app.users.gate = new Promise<void>((done) => {
    open = done;
  });
  const outcome = signIn();
  return () => {
    open();
    return outcome;
  };
}

describe('revokeEverybody', () => {
  it('ends the sessions of every user, and tells so once', async () => {
    app = await startApp();
    const pairs = [await app.auth.login('ada'), await app.auth.login('ada'), await app.auth.login('bob')];
    expect(await app.registry.revokeEverybody()).toBe(3);
    for (const pair of pairs) {
      expect([await using(pair), await refreshing(pair)]).toEqual(['session_ended', 'session_ended']);
      expect(rowOf(app, pair.session.guid).endReason).toBe('revoked_all');
    }
    expect(eventsNamed(app, 'revoked')).toEqual([{ reason: 'revoked_all', count: 3, at: app.clock.now() }]);
    const next = await app.auth.login('ada');
    expect([await using(next), await refreshing(next)]).toEqual(['accepted', 'accepted']);
  });

  it.each(ADAPTERS)('refuses a sign-in under way over HTTP, as a wrong password is (%s)', async (adapter) => {
    app = await startApp({ adapter });
    const wrong = await app.client.call('POST', '/auth/login', { body: { ...CREDENTIALS, password: 'x' } });
    const begun = new Promise<void>((done) => {
      app.users.onCheck = done;
    });
    const release = beginHeld(() => app.client.call('POST', '/auth/login', { body: CREDENTIALS }));
    await begun;
    expect(await app.registry.revokeEverybody()).toBe(0);
    const { status, body } = await release();
    expect([status, body]).toEqual([401, wrong.body]);
    expect(allRows(app)).toEqual([]);
    expect((await app.client.signIn()).session.guid).toBeTruthy();
  });

  it.each([30 * SECOND, HOUR])('holds when the clock steps back by %d ms after it', async (step) => {
    app = await startApp();
    const ticket = await app.auth.currentTicket();
    const old = await app.auth.login('ada');
    await app.registry.revokeEverybody();
    app.clock.advance(-step);
    expect(await verdictOf(app.auth.login('ada', undefined, { ticket }))).toBe('cut_off');
    const next = await app.auth.login('ada');
    expect(await using(next)).toBe('accepted');
    app.clock.advance(step);
    expect(await using(old)).toBe('session_ended');
    expect(await refreshing(next)).toBe('accepted');
  });

  it('holds on another process over the same database, whatever it checks', async () => {
    app = await startApp();
    const others = await startApp({
      ...{ file: app.file, clock: app.clock },
      options: { revocation: { check: 'validTokenFrom', denylist: 'database' } },
    });
    const { access_token } = await others.auth.login('ada');
    const verdicts = () =>
      Promise.all([
        verdictOf(others.auth.authenticate(access_token)),
        verdictOf(app.auth.authenticate(access_token)),
        verdictOf(others.auth.authenticate(access_token, undefined, 'denylist')),
      ]);
    expect(await verdicts()).toEqual(['accepted', 'accepted', 'accepted']);
    await others.registry.revokeEverybody();
    expect(await verdicts()).toEqual(['cut_off', 'session_ended', 'cut_off']);
    await others.close();
  });
});
