import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { UserDirectory } from '../auth/user-directory.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationChecks } from '../revocation/revocation-checks.js';
import {
  AUTH_MODULE_EXTRAS,
  type AuthModuleExtras,
  ConfigurableModuleClass,
  defaultControllers,
  mountedControllers,
  type OPTIONS_TYPE,
} from './definition.js';
import { findUsers } from './find-users.js';
import { Lifecycle } from './lifecycle.js';
import { exported, providers } from './providers.js';
import { requireRouteChecks } from './route-checks.js';

/** Sign-in sessions that can be revoked at any time: `AuthModule.forRoot({ secret, users })`. */
@Module({ providers, exports: exported })
export class AuthModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly options: ResolvedAuthOptions,
    private readonly users: UserDirectory,
    private readonly lifecycle: Lifecycle,
    private readonly checks: RevocationChecks,
    private readonly modules: ModulesContainer,
    @Inject(AUTH_MODULE_EXTRAS) private readonly extras: AuthModuleExtras,
  ) {
    super();
  }

  /** Configures the module. A wrong option makes the boot fail with a ConfigurationError that names it. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    const { controllers = defaultControllers(options.users) } = options;
    return super.forRoot({ ...options, controllers });
  }

  /** Finds the users class of the app and verifies that every check its routes ask for exists. */
  async onModuleInit(): Promise<void> {
    requireRouteChecks(this.modules, this.checks, this.options.realm);
    const loginMounted = mountedControllers(this.extras).includes('login');
    const users = await findUsers(this.moduleRef, this.options.users, loginMounted);
    if (users) this.users.use(users);
  }

  onApplicationBootstrap(): void {
    this.lifecycle.start();
  }

  beforeApplicationShutdown(): void {
    this.lifecycle.beforeStop();
  }

  /** Runs after the HTTP server has closed. Resolves within `shutdownTimeout`; a second call does nothing more. */
  onApplicationShutdown(): Promise<void> {
    return this.lifecycle.stop();
  }
}
