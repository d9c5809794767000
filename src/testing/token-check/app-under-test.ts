import { randomUUID } from 'node:crypto';
import type { AuthService } from '../../auth/auth.service.js';
import { AuthError } from '../../errors.js';
import type { SessionRegistry } from '../../sessions/session-registry.js';
import type { TokenPair } from '../../wire.js';
import { equal } from '../assertions.js';
import type { TestClock } from '../test-clock.js';

/** Parts of a started app whose `revocation.check` is the check to test. */
export interface CheckedApp {
  readonly auth: AuthService;
  readonly registry: SessionRegistry;
  /** The option `clock` of the app. */
  readonly clock: TestClock;
  /** Returns the id of a user who may sign in and has not done so yet. If left out, a random id is used. */
  readonly newUser?: (() => string | Promise<string>) | undefined;
}

/** When the access token of an ended session is refused: on the next request, or only when it expires. */
export type Delay = 'at once' | 'at its end';

/** A user with three devices, signed in one after the other. */
export interface Devices {
  readonly userId: string;
  readonly pairs: readonly [TokenPair, TokenPair, TokenPair];
}

/** An app under test, with shorthands for what the cases need. */
export class AppUnderTest {
  constructor(readonly app: CheckedApp) {}

  async newUser(): Promise<string> {
    return this.app.newUser?.() ?? `user-${randomUUID()}`;
  }

  /** Signs a user in. With the tokens of a former session, the new session replaces that one. */
  signIn(userId: string, former?: TokenPair): Promise<TokenPair> {
    const headers = former && { authorization: `Bearer ${former.access_token}` };
    return this.app.auth.login(userId, { headers });
  }

  async threeDevices(): Promise<Devices> {
    const userId = await this.newUser();
    const pairs = [await this.signIn(userId), await this.signIn(userId), await this.signIn(userId)] as const;
    for (const pair of pairs) equal(await this.isAccepted(pair), true);
    return { userId, pairs };
  }

  isAccepted({ access_token }: TokenPair): Promise<boolean> {
    return succeeds(this.app.auth.authenticate(access_token));
  }

  /** Tries to renew the session of this pair, and resolves to whether that worked. */
  renews({ refresh_token }: TokenPair): Promise<boolean> {
    return succeeds(this.app.auth.refresh(refresh_token));
  }

  /** Fails unless the session is over: it cannot be renewed, and its access token is refused after this delay. */
  async expectOver(pair: TokenPair, delay: Delay): Promise<void> {
    const accepted = delay === 'at its end';
    equal(await this.isAccepted(pair), accepted);
    equal(await this.renews(pair), false);
    equal(await this.isAccepted(pair), accepted);
  }

  /** Fails unless the session is still live. */
  async expectLive(pair: TokenPair): Promise<void> {
    equal([await this.isAccepted(pair), await this.renews(pair)], [true, true]);
  }
}

/** False if it is refused. Rejects with any other error. */
async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof AuthError && error.code !== 'unavailable') return false;
    throw error;
  }
}
