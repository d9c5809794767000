import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySessionStore, SessionEvents, type TokenPair } from 'nestjs-session-registry';
import type { BatchOutcome, Walk } from '../../src/sessions/session-store.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { eventsNamed, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';

/** A store whose batches fail as long as it is told so. */
class HaltingStore extends MemorySessionStore {
  isHalting = false;

  override endBatch(walk: Walk): Promise<BatchOutcome> {
    return this.isHalting ? Promise.reject(new Error('away')) : super.endBatch(walk);
  }
}

let app: TestApp;
let store: HaltingStore;
afterEach(() => app.close());

const renewing = ({ refresh_token }: TokenPair) => verdictOf(app.auth.refresh(refresh_token));

describe.each(ADAPTERS)('a sign-out of all whose ends fail halfway on %s', (adapter) => {
  let own: TokenPair;
  let renewed: TokenPair;
  let other: TokenPair;

  beforeEach(async () => {
    store = new HaltingStore();
    app = await startApp({ adapter, options: { store, database: undefined } });
    own = await app.client.signIn();
    other = await app.client.signIn();
    renewed = await app.auth.refresh(other.refresh_token);
    store.isHalting = true;
  });

  const signOut = (query = '') => app.client.call('DELETE', `/sessions${query}`, { token: own.access_token });

  it('is 503, and the cutoff stays: no earlier sign-in gets in and nothing renews', async () => {
    const ticket = await app.auth.currentTicket();
    expect((await signOut()).status).toBe(503);
    expect(await verdictOf(app.auth.login(ADA, undefined, { ticket }))).toBe('cut_off');
    expect(await renewing(own)).toBe('session_ended');
    // The predecessor would be answered with its successor again.
    expect(await renewing(other)).toBe('session_ended');
    expect(await renewing(renewed)).toBe('session_ended');
    expect(eventsNamed(app, 'repeated')).toEqual([]);
  });

  it('is 503, and the next try ends what is left and says how many', async () => {
    await signOut();
    const later = await app.client.signIn();
    store.isHalting = false;
    const { status, body } = await signOut();
    expect([status, body]).toEqual([200, { revoked: 3 }]);
    expect(await renewing(later)).toBe('session_ended');
  });

  it('of the others is 503, and the one that stays is renewed', async () => {
    expect((await signOut('?except=current')).status).toBe(503);
    expect([await renewing(own), await renewing(renewed)]).toEqual(['accepted', 'session_ended']);
  });

  it('is gone on with by itself, which spares who signed in meanwhile, and is told then', async () => {
    await signOut();
    const later = await app.client.signIn();
    store.isHalting = false;
    const over = new Promise((done) => {
      app.nest.get(SessionEvents).on('revoked', done);
    });
    expect(await over).toMatchObject({ userId: ADA, reason: 'revoked_all', count: 2 });
    expect(await verdictOf(app.auth.authenticate(own.access_token))).toBe('session_ended');
    expect(await renewing(later)).toBe('accepted');
  });
});
