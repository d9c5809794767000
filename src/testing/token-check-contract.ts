import { equal } from './assertions.js';
import type { ContractCase } from './contract-case.js';
import { AppUnderTest, type CheckedApp, type Delay } from './token-check/app-under-test.js';

/** What a check promises: how soon it refuses the access tokens of ended sessions. */
export interface CheckPromises {
  /** If a single session ended: it was signed out or replaced, or an old refresh token of it was used again. */
  readonly one: Delay;
  /** If a cutoff ended it: of the other sessions, of all, of everybody, or of one session with its access tokens. */
  readonly all: Delay;
}

const ACCESS_TTL = 5 * 60_000;

type Check = (on: AppUnderTest) => Promise<void>;

/**
 * The contract of every `TokenCheck`, as cases for any test runner. You can run all of them one after the other on one app. It
 * needs the default `accessTtl`, `absoluteTimeout` and `whenFull`, no `maxSessions`, and active users.
 */
export function tokenCheckContract({ one, all }: CheckPromises): readonly ContractCase<CheckedApp>[] {
  const cases: Record<string, Check> = {
    ...endsOfOne(one, all),
    ...endsOfMany(all),
    'refuses every access token at its end': async (on) => {
      const { pairs } = await on.threeDevices();
      on.app.clock.advance(ACCESS_TTL);
      for (const pair of pairs) equal([await on.isAccepted(pair), await on.renews(pair)], [false, true]);
    },
    'gives each of many tokens its own answer when they are checked at once': async (on) => {
      const { userId, pairs } = await on.threeDevices();
      const [first, second] = pairs;
      await on.app.registry.revoke(userId, second.session.guid, 'revoked', { accessTokens: true });
      const asked = Array.from({ length: 60 }, (_, at) => pairs[at % 3] ?? first);
      const answers = await Promise.all(asked.map((pair) => on.isAccepted(pair)));
      equal(
        answers,
        asked.map((pair) => pair !== second || all === 'at its end'),
      );
    },
  };
  return Object.entries(cases).map(([name, check]) => ({ name, run: (app) => check(new AppUnderTest(app)) }));
}

function endsOfOne(one: Delay, all: Delay): Record<string, Check> {
  return {
    [`ends one session ${one}, and leaves the others`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      const [first, second, third] = pairs;
      equal(await on.app.registry.revoke(userId, second.session.guid), true);
      await on.expectOver(second, one);
      for (const other of [first, third]) await on.expectLive(other);
    },
    [`ends one session with its access tokens ${all}, including those from before its renewal`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      const [first, second] = pairs;
      const renewed = await on.app.auth.refresh(second.refresh_token);
      await on.app.registry.revoke(userId, second.session.guid, 'revoked', { accessTokens: true });
      for (const pair of [second, renewed]) await on.expectOver(pair, all);
      await on.expectLive(first);
      await on.app.registry.purge();
      on.app.clock.advance(ACCESS_TTL - 1000);
      await on.app.registry.purge();
      equal(await on.isAccepted(renewed), all === 'at its end');
    },
    [`ends a session by its own sign-out ${one}`]: async (on) => {
      const [first, second] = (await on.threeDevices()).pairs;
      await on.app.auth.logout({ accessToken: first.access_token });
      await on.expectOver(first, one);
      await on.expectLive(second);
    },
    [`ends a session whose old refresh token is used again ${one}, and leaves the others`]: async (on) => {
      const [first, second] = (await on.threeDevices()).pairs;
      const renewed = await on.app.auth.refresh(first.refresh_token);
      const again = await on.app.auth.refresh(renewed.refresh_token);
      equal(await on.renews(first), false);
      await on.expectOver(again, one);
      await on.expectLive(second);
    },
    [`ends the session a device had before it signed in again ${one}`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      const next = await on.signIn(userId, pairs[0]);
      await on.expectOver(pairs[0], one);
      await on.expectLive(next);
    },
    'leaves a session that somebody else asked to end': async (on) => {
      const [first] = (await on.threeDevices()).pairs;
      equal(await on.app.registry.revoke(await on.newUser(), first.session.guid), false);
      await on.expectLive(first);
    },
  };
}

function endsOfMany(all: Delay): Record<string, Check> {
  return {
    [`ends the others ${all}, and the one that stays keeps using its token`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      const [first, second, third] = pairs;
      equal(await on.app.registry.revokeOthers(userId, second.session.guid), 2);
      for (const other of [first, third]) await on.expectOver(other, all);
      await on.expectLive(second);
    },
    'keeps only the session that the latest cutoff keeps': async (on) => {
      const { userId, pairs } = await on.threeDevices();
      await on.app.registry.revokeOthers(userId, pairs[0].session.guid);
      const next = await on.signIn(userId);
      await on.app.registry.revokeOthers(userId, next.session.guid);
      await on.expectOver(pairs[0], all);
      await on.expectLive(next);
    },
    [`ends all ${all}, including the one that was kept before`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      await on.app.registry.revokeOthers(userId, pairs[0].session.guid);
      equal(await on.app.registry.revokeAll(userId), 1);
      for (const pair of pairs) await on.expectOver(pair, all);
    },
    [`ends all ${all}, and a later sign-in lives, even in the same millisecond`]: async (on) => {
      const { userId, pairs } = await on.threeDevices();
      equal(await on.app.registry.revokeAll(userId), 3);
      const next = await on.signIn(userId);
      for (const pair of pairs) await on.expectOver(pair, all);
      await on.expectLive(next);
    },
    [`ends all of one user ${all}, and leaves everybody else`]: async (on) => {
      const [{ userId, pairs }, others] = [await on.threeDevices(), await on.threeDevices()];
      await on.app.auth.disableUser(userId);
      for (const pair of pairs) await on.expectOver(pair, all);
      await on.expectLive(others.pairs[0]);
    },
    [`ends everybody ${all}, including sessions that were kept before, and a later sign-in lives`]: async (on) => {
      const [{ userId, pairs }, others] = [await on.threeDevices(), await on.threeDevices()];
      await on.app.registry.revokeOthers(userId, pairs[0].session.guid);
      await on.app.registry.revokeEverybody();
      const next = await on.signIn(userId);
      for (const pair of [...pairs, ...others.pairs]) await on.expectOver(pair, all);
      await on.expectLive(next);
    },
  };
}
