import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SessionRegistry } from 'nestjs-session-registry';
import { type DueSignOut, UsersService } from './users.service.js';

const EVERY = 10_000;

/**
 * Signs the other devices out after a change of password. What is due was stored together with the password: whatever
 * happens after that, a failure or the end of the process, it is done in the end, by this process or by another.
 */
@Injectable()
export class DueSignOuts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Users');
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.settleAll(), EVERY).unref();
    this.settleAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Does it now; resolves to how many devices were signed out. Rejects where that could not be stored: it stays due. */
  async settle(due: DueSignOut): Promise<number> {
    const revoked = await this.sessions.credentialsChanged(due.userId, { keep: due.keep });
    // What stays noted is done once more, which takes nobody but who signs in meanwhile.
    await this.users.signedOut(due).catch((error) => this.#logger.warn(error));
    return revoked;
  }

  /** Does all that is due, unless it is being done. */
  settleAll(): Promise<void> {
    this.#running ??= this.#settleEach().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #settleEach(): Promise<void> {
    try {
      for (const due of await this.users.signOutsDue()) await this.settle(due);
    } catch (error) {
      this.#logger.warn(`Sign-outs after a change of password are still due, and are tried again: ${error}`);
    }
  }
}
