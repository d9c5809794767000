import { randomUUID } from 'node:crypto';
import type { AuthService } from '../../auth/auth.service.js';
import { AuthError } from '../../errors.js';
import type { SessionRegistry } from '../../sessions/session-registry.js';
import type { TokenPair } from '../../wire.js';
import { equal } from '../assertions.js';
import type { TestClock } from '../test-clock.js';

/** A started app whose `revocation.check` is the check in question, and what its container gives. */
export interface CheckedApp {
  readonly auth: AuthService;
  readonly registry: SessionRegistry;
  /** The option `clock` of the app. */
  readonly clock: TestClock;
  /** Gives the id of a user who may sign in and has not done so yet. A random id where it is left out. */
  readonly newUser?: (() => string | Promise<string>) | undefined;
}

/** When the access token of a session that was ended is refused: on the next request, or from its own `exp` on. */
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

  /** Signs a user in; a device that shows its access token gets a new session in place of its former one. */
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

  /** Renews the session of this pair, if it can be. */
  renews({ refresh_token }: TokenPair): Promise<boolean> {
    return succeeds(this.app.auth.refresh(refresh_token));
  }

  /** Fails unless the session is over: its renewal at once, its access token at once or at its end. */
  async expectOver(pair: TokenPair, delay: Delay): Promise<void> {
    const accepted = delay === 'at its end';
    equal(await this.isAccepted(pair), accepted);
    equal(await this.renews(pair), false);
    equal(await this.isAccepted(pair), accepted);
  }

  /** Fails unless the session goes on. */
  async expectLive(pair: TokenPair): Promise<void> {
    equal([await this.isAccepted(pair), await this.renews(pair)], [true, true]);
  }
}

/** False where it is refused. Any other failure passes through. */
async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof AuthError && error.code !== 'unavailable') return false;
    throw error;
  }
}
