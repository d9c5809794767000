import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { UserDirectory } from '../auth/user-directory.js';
import { OpenedCopies, OpenedMedia } from './copies.providers.js';
import {
  AUTH_MODULE_EXTRAS,
  type AuthModuleExtras,
  ConfigurableModuleClass,
  mountedControllers,
  type OPTIONS_TYPE,
} from './definition.js';
import { exported, providers } from './providers.js';
import { Shutdown } from './shutdown.js';
import { findUsers } from './find-users.js';
import { ClockWatch } from '../faults/clock-watch.js';
import { FaultLog } from '../faults/fault-log.js';
import { LiveSessions } from '../live/live-sessions.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { PurgeTimer } from '../sessions/purge-timer.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import { OpenedStore } from './open-store.js';

/** Sign-in sessions that can be taken back: `AuthModule.forRoot({ secret, users })`. */
@Module({ providers, exports: exported })
export class AuthModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #shutdown: Shutdown;
  #firstFlush: Promise<unknown> | undefined;

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly options: ResolvedAuthOptions,
    private readonly users: UserDirectory,
    private readonly registry: SessionRegistry,
    private readonly purgeTimer: PurgeTimer,
    private readonly opened: OpenedStore,
    private readonly copies: OpenedCopies,
    private readonly media: OpenedMedia,
    private readonly live: LiveSessions,
    private readonly clockWatch: ClockWatch,
    private readonly faults: FaultLog,
    @Inject(AUTH_MODULE_EXTRAS) private readonly extras: AuthModuleExtras,
  ) {
    super();
    this.#shutdown = new Shutdown(options.shutdownTimeout, new Logger('AuthModule'));
  }

  /** Configures the module with options at hand. Boot fails with a ConfigurationError that names a wrong option. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    const { controllers = options.users ? true : ['tokens', 'sessions', 'events', 'jwks'] } = options;
    return super.forRoot({ ...options, controllers });
  }

  /** Meets the app's users once every module has its providers. */
  async onModuleInit(): Promise<void> {
    const loginMounted = mountedControllers(this.extras).includes('login');
    const users = await findUsers(this.moduleRef, this.options.users, loginMounted);
    if (users) this.users.use(users);
  }

  onApplicationBootstrap(): void {
    this.purgeTimer.start();
    this.clockWatch.start();
  }

  /** Writes what was noted while requests still run: nobody knows how long the app's own ones keep its server. */
  beforeApplicationShutdown(): void {
    // The store tells of the fault.
    this.#firstFlush = this.registry.flushTouches().catch(() => {});
  }

  /** The server is closed by now. Resolves within `shutdownTimeout`, and does nothing the second time. */
  onApplicationShutdown(): Promise<void> {
    return this.#shutdown.run([
      ['the watch over the clock', () => this.clockWatch.stop()],
      ['the last "last active" of sessions', () => Promise.all([this.#firstFlush, this.registry.flushTouches()])],
      ['ends in batches', () => this.registry.stop()],
      ['live updates', () => this.live.stop()],
      ['purge', () => this.purgeTimer.stop()],
      ['near copies', () => this.copies.near?.stop()],
      ['Redis', () => this.media.close()],
      ['the log of faults', () => this.faults.stop()],
      ['the database', () => this.opened.close()],
    ]);
  }
}
