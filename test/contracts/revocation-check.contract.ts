import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthModuleExtras, AuthModuleOptions, CheckKind, TokenPair } from 'nestjs-session-registry';
import type { RefusalReason } from '../../src/errors.js';
import { type Adapter, startApp, type TestApp } from '../support/app.js';
import { verdictOf } from '../support/inspect.js';

/** What the very next request with an access token gets after its session was ended: at once, or when it ends itself. */
type Delay = 'at once' | 'at its end';

/** The promise of each kind of check. */
export const PROMISES: Readonly<Record<CheckKind, { one: Delay; all: Delay }>> = {
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

/** What every kind of check keeps to, over HTTP. `open` says where the sessions are; it is called once for each kind. */
export function describeRevocationChecks(
  name: string,
  open: () => Promise<CheckSetting>,
  kinds = Object.keys(PROMISES),
): void {
  const promises = Object.entries(PROMISES).filter(([kind]) => kinds.includes(kind));
  describe.each(promises)(`the check %s over ${name}`, (check, { one, all }) => {
    let app: TestApp;
    let username: string;
    let pairs: TokenPair[];

    beforeAll(async () => {
      const { adapter, options } = await open();
      const kind = check as CheckKind;
      app = await startApp({
        ...(adapter && { adapter }),
        options: { ...options, revocation: { ...options?.revocation, check: kind } },
      });
    });
    afterAll(() => app.close());

    /** Signs somebody new in on three devices. */
    async function threeDevices(): Promise<[TokenPair, TokenPair, TokenPair]> {
      username = `somebody-${++people}`;
      pairs = [await app.client.signIn(username), await app.client.signIn(username), await app.client.signIn(username)];
      expect(await Promise.all(pairs.map(statusOf))).toEqual([200, 200, 200]);
      return pairs as [TokenPair, TokenPair, TokenPair];
    }
    const statusOf = async ({ access_token }: TokenPair) => (await app.client.profile(access_token)).status;
    const renewalOf = async ({ refresh_token }: TokenPair) => (await app.client.refresh(refresh_token)).status;
    const del = (path: string, { access_token: token }: TokenPair) => app.client.call('DELETE', path, { token });

    /** The session is over: its renewal at once, its access token when the check says. */
    async function expectOver(pair: TokenPair, delay: Delay): Promise<void> {
      expect(await statusOf(pair)).toBe(delay === 'at once' ? 401 : 200);
      expect(await renewalOf(pair)).toBe(401);
      expect(await statusOf(pair)).toBe(delay === 'at once' ? 401 : 200);
    }
    async function expectLive(pair: TokenPair): Promise<void> {
      expect(await statusOf(pair)).toBe(200);
      expect(await renewalOf(pair)).toBe(200);
    }

    it(`ends one device ${one}, and leaves the others`, async () => {
      const [first, second, third] = await threeDevices();
      expect((await del(`/sessions/${second.session.guid}`, first)).status).toBe(204);
      await expectOver(second, one);
      await expectLive(first);
      await expectLive(third);
    });

    const verdictOn = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
    const reasons = REASONS[check as CheckKind];

    it('ends one device with its access tokens, and leaves the others', async () => {
      const [first, second, third] = await threeDevices();
      const renewed = (await app.client.refresh(second.refresh_token)).body;
      const userId = `id-of-${username}`;
      expect(await app.registry.revoke('id-of-bob', second.session.guid, 'revoked', { accessTokens: true })).toBe(
        false,
      );
      await expectLive(second);
      expect(await app.registry.revoke(userId, second.session.guid, 'revoked', { accessTokens: true })).toBe(true);
      for (const pair of [second, renewed]) {
        expect(await verdictOn(pair)).toBe(reasons.device);
        await expectOver(pair, all);
      }
      await expectLive(first);
      await app.registry.purge();
      app.clock.advance(4 * 60_000);
      await app.registry.purge();
      expect(await verdictOn(renewed)).toBe(reasons.device);
      expect(await verdictOn(third)).toBe('accepted');
    });

    it(`ends everybody ${all}, whoever was kept before, and a sign-in after it lives, in the same millisecond`, async () => {
      const [first, second, third] = await threeDevices();
      const other = await app.client.signIn('bob');
      await del('/sessions?except=current', first);
      const kept = await app.client.signIn(username);
      await del('/sessions?except=current', kept);
      expect(await app.registry.revokeEverybody()).toBeGreaterThanOrEqual(2);
      const next = await app.client.signIn(username);
      for (const pair of [first, second, third, kept, other]) {
        expect(await verdictOn(pair)).toBe(reasons.everybody);
        await expectOver(pair, all);
      }
      await expectLive(next);
      const ticket = await app.auth.beginLogin();
      await app.registry.revokeEverybody();
      expect(await verdictOf(app.auth.login(`id-of-${username}`, undefined, { ticket }))).toBe('cut_off');
      expect(await verdictOn(next)).toBe(reasons.everybody);
    });

    it(`ends itself by a sign-out ${one}`, async () => {
      const [first, second] = await threeDevices();
      expect((await app.client.logout({ token: first.access_token })).status).toBe(204);
      await expectOver(first, one);
      await expectLive(second);
    });

    it(`ends the others ${all}, and the one that asked goes on with the token it has`, async () => {
      const [first, second, third] = await threeDevices();
      expect((await del('/sessions?except=current', second)).body).toEqual({ revoked: 2 });
      await expectOver(first, all);
      await expectOver(third, all);
      await expectLive(second);
    });

    it(`ends all ${all}, and a sign-in after it lives, in the same millisecond`, async () => {
      const [first, second, third] = await threeDevices();
      expect((await del('/sessions', first)).body).toEqual({ revoked: 3 });
      const next = await app.client.signIn(username);
      for (const pair of [first, second, third]) await expectOver(pair, all);
      await expectLive(next);
    });

    it(`ends the one that "others" kept ${all}, when all are ended after it`, async () => {
      const [first, second] = await threeDevices();
      await del('/sessions?except=current', first);
      await del('/sessions', first);
      await expectOver(first, all);
      await expectOver(second, all);
    });

    it(`keeps the one that asked last`, async () => {
      const [first] = await threeDevices();
      await del('/sessions?except=current', first);
      const next = await app.client.signIn(username);
      await del('/sessions?except=current', next);
      await expectOver(first, all);
      await expectLive(next);
    });

    it(`ends everything of a locked user ${all}, and of no other`, async () => {
      const [first, second] = await threeDevices();
      const other = await app.client.signIn('bob');
      await app.auth.disableUser(`id-of-${username}`);
      await expectOver(first, all);
      await expectOver(second, all);
      await expectLive(other);
    });

    it(`ends a session whose old refresh token came back ${one}, and leaves the others`, async () => {
      const [first, second] = await threeDevices();
      const renewed = (await app.client.refresh(first.refresh_token)).body;
      const again = (await app.client.refresh(renewed.refresh_token)).body;
      expect(await renewalOf(first)).toBe(401);
      await expectOver(again, one);
      await expectLive(second);
    });

    it(`ends the session a device had before it signed in again ${one}`, async () => {
      const [first] = await threeDevices();
      const headers = { authorization: `Bearer ${first.access_token}` };
      const next = await app.client.signIn(username, { headers });
      await expectOver(first, one);
      await expectLive(next);
    });

    it('refuses every access token at its end, and lists and renews by the row', async () => {
      const [first, second] = await threeDevices();
      await app.client.logout({ token: second.access_token });
      expect((await app.client.list(first.access_token)).body).toHaveLength(2);
      app.clock.advance(5 * 60_000);
      expect(await statusOf(first)).toBe(401);
      expect(await renewalOf(first)).toBe(200);
      expect(await renewalOf(second)).toBe(401);
    });

    it('cannot end what is not its own', async () => {
      const [first] = await threeDevices();
      const other = await app.client.signIn('bob');
      expect((await del(`/sessions/${first.session.guid}`, other)).status).toBe(404);
      await expectLive(first);
    });
  });
}
