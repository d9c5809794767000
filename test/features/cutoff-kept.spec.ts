import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { SqliteDatabase } from '../../src/storage/connections/sqlite.database.js';
import { startApp, type TestApp } from '../support/app.js';
import { SECOND } from '../support/times.js';
import { rowOf, verdictOf } from '../support/inspect.js';

const ADA = 'id-of-ada';
let app: TestApp;
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));

afterEach(() => {
  vi.restoreAllMocks();
  return app.close();
});

describe('a session kept by a cutoff', () => {
  let keep: TokenPair;

  beforeEach(async () => {
    app = await startApp();
    keep = await app.auth.login(ADA);
  });

  it('is ended by the next cutoff that does not keep it', async () => {
    await app.registry.credentialsChanged(ADA, { keep: keep.session.guid });
    expect(await using(keep)).toBe('accepted');
    await app.registry.revokeAll(ADA);
    expect(await using(keep)).toBe('session_ended');
    expect(rowOf(app, keep.session.guid).endReason).toBe('revoked_all');
  });

  it('is not revived by being kept', async () => {
    await app.auth.logout({ accessToken: keep.access_token });
    const { endedAt, endReason } = rowOf(app, keep.session.guid);
    app.clock.advance(SECOND);
    await app.registry.revokeOthers(ADA, keep.session.guid);
    expect(endReason).toBe('signed_out');
    expect(rowOf(app, keep.session.guid)).toMatchObject({ endedAt, endReason });
    expect(await using(keep)).toBe('session_ended');
  });

  it("is the user's own: another's guid keeps nothing and changes nothing", async () => {
    const bob = await app.auth.login('id-of-bob');
    const row = rowOf(app, bob.session.guid);
    expect(await using(keep)).toBe('accepted');
    expect(await app.registry.revokeOthers(ADA, bob.session.guid)).toBe(1);
    expect(await using(keep)).toBe('session_ended');
    expect(rowOf(app, bob.session.guid)).toEqual(row);
  });

  it.each([1, 2])(
    'does not outlive an "all" that stalled before its transaction %d and is stored after',
    async (nth) => {
      expect(await using(keep)).toBe('accepted');
      const stalled = await stallAtTransaction(nth, () => app.registry.revokeAll(ADA));
      await app.registry.revokeOthers(ADA, keep.session.guid);
      await stalled();

      expect(await using(keep)).toBe('session_ended');
      expect(rowOf(app, keep.session.guid).endReason).toBe('revoked_all');
    },
  );
});

/** Begins some work and stops it, as a slow process would be, before its nth transaction until it is released. */
async function stallAtTransaction<T>(nth: number, work: () => Promise<T>): Promise<() => Promise<T>> {
  const transaction = SqliteDatabase.prototype.transaction;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const stall = async function (this: SqliteDatabase, ...steps: Parameters<typeof transaction>) {
    reach();
    await released;
    return transaction.apply(this, steps);
  } as typeof transaction;
  const spy = vi.spyOn(SqliteDatabase.prototype, 'transaction');
  for (let before = 1; before < nth; before++) spy.mockImplementationOnce(transaction);
  spy.mockImplementationOnce(stall);
  const outcome = work();
  await Promise.race([reached, outcome]);
  return () => {
    release();
    return outcome;
  };
}
