import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthModuleExtras, AuthModuleOptions, CheckKind, TokenPair } from 'nestjs-session-registry';
import { type CheckPromises, tokenCheckContract } from 'nestjs-session-registry/testing';
import type { RefusalReason } from '../../src/errors.js';
import { type Adapter, startApp, type TestApp } from '../support/app.js';
import { verdictOf } from '../support/inspect.js';

/** The promise of each kind of check. */
export const PROMISES: Readonly<Record<CheckKind, CheckPromises>> = {
  session: { one: 'at once', all: 'at once' },
  denylist: { one: 'at once', all: 'at once' },
  validTokenFrom: { one: 'at its end', all: 'at once' },
  expiry: { one: 'at its end', all: 'at its end' },
};

type Reason = RefusalReason | 'accepted';

/** Why the check itself refuses what one device, or everybody, was cut off from, access tokens and all. */
const REASONS: Readonly<Record<CheckKind, { device: Reason; everybody: Reason }>> = {
  session: { device: 'session_ended', everybody: 'session_ended' },
  denylist: { device: 'session_ended', everybody: 'cut_off' },
  validTokenFrom: { device: 'cut_off', everybody: 'cut_off' },
  expiry: { device: 'accepted', everybody: 'accepted' },
};

/** Where a check is tried. */
export interface CheckSetting {
  readonly adapter?: Adapter;
  readonly options?: Partial<AuthModuleOptions> & AuthModuleExtras;
}

let people = 0;

/**
 * What every kind of check keeps to: the contract, why it refuses, and the same over HTTP. `open` says where the sessions are; it is
 * called once for each kind.
 */
export function describeRevocationChecks(
  name: string,
  open: () => Promise<CheckSetting>,
  kinds = Object.keys(PROMISES),
): void {
  const promises = Object.entries(PROMISES).filter(([kind]) => kinds.includes(kind));
  describe.each(promises)(`the check %s over ${name}`, (check, { one, all }) => {
    let app: TestApp;
    const nameOfNext = () => `somebody-${++people}`;

    beforeAll(async () => {
      const { adapter, options } = await open();
      const kind = check as CheckKind;
      app = await startApp({
        ...(adapter && { adapter }),
        options: { ...options, revocation: { ...options?.revocation, check: kind } },
      });
    });
    afterAll(() => app.close());

    it.each(tokenCheckContract({ one, all }))('$name', ({ run }) =>
      run({ ...app, newUser: () => `id-of-${nameOfNext()}` }),
    );

    describe('refuses', () => {
      const verdictOn = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
      const reasons = REASONS[check as CheckKind];
      const signIn = (userId: string) => app.auth.login(userId);

      it('one device with its access tokens for a reason of its own, and the others not', async () => {
        const userId = `id-of-${nameOfNext()}`;
        const [first, second] = [await signIn(userId), await signIn(userId)];
        const { guid } = second.session;
        expect(await app.registry.revoke('id-of-bob', guid, 'revoked', { accessTokens: true })).toBe(false);
        expect(await verdictOn(second)).toBe('accepted');
        expect(await app.registry.revoke(userId, guid, 'revoked', { accessTokens: true })).toBe(true);
        expect([await verdictOn(first), await verdictOn(second)]).toEqual(['accepted', reasons.device]);
      });

      it('everybody for a reason of its own, and a sign-in that had begun before', async () => {
        const userId = `id-of-${nameOfNext()}`;
        const [session, ticket] = [await signIn(userId), await app.auth.currentTicket()];
        await app.registry.revokeEverybody();
        expect(await verdictOf(app.auth.login(userId, undefined, { ticket }))).toBe('cut_off');
        expect(await verdictOn(session)).toBe(reasons.everybody);
        expect(await verdictOn(await signIn(userId))).toBe('accepted');
      });
    });

    it(`ends one session ${one}, and the others and all ${all}, over HTTP`, async () => {
      const username = nameOfNext();
      const statusOf = async ({ access_token }: TokenPair) => (await app.client.profile(access_token)).status;
      const del = (path: string, { access_token: token }: TokenPair) => app.client.call('DELETE', path, { token });
      const after = { 'at once': 401, 'at its end': 200 };
      const pairs: TokenPair[] = [];
      for (let device = 0; device < 4; device++) pairs.push(await app.client.signIn(username));
      const [asking, second, third, fourth] = pairs as [TokenPair, TokenPair, TokenPair, TokenPair];
      expect(await Promise.all(pairs.map(statusOf))).toEqual([200, 200, 200, 200]);
      expect((await app.client.list(asking.access_token)).body).toHaveLength(4);

      expect((await del(`/sessions/${second.session.guid}`, asking)).status).toBe(204);
      expect(await Promise.all(pairs.map(statusOf))).toEqual([200, after[one], 200, 200]);
      expect((await app.client.logout({ token: third.access_token })).status).toBe(204);
      expect(await statusOf(third)).toBe(after[one]);
      expect((await del('/sessions?except=current', asking)).body).toEqual({ revoked: 1 });
      expect(await Promise.all(pairs.map(statusOf))).toEqual([
        200,
        after[one] === 401 ? 401 : after[all],
        after[all],
        after[all],
      ]);
      expect((await del('/sessions', asking)).body).toEqual({ revoked: 1 });
      expect(await Promise.all(pairs.map(statusOf))).toEqual(Array(4).fill(after[all]));
      expect((await app.client.refresh(fourth.refresh_token)).status).toBe(401);
      expect(await statusOf(await app.client.signIn(username))).toBe(200);
    });
  });
}
