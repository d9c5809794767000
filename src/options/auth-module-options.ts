import type { Clock } from '../clock.js';
import type { ClientSettings } from './client-options.js';
import type { Duration } from './duration.js';
import type { KeyOption } from './keys/key-option.js';
import type { LifetimeSettings } from './lifetime-options.js';
import type { MessageSettings } from './message-options.js';
import type { PurgeOptions } from './purge-options.js';
import type { RevocationOptions } from './revocation-options.js';
import type { ServerlessSettings } from './serverless-option.js';
import type { SessionSettings } from './session-options.js';
import type { StorageSettings } from './storage-options.js';
import type { SuspicionOptions } from './suspicion-options.js';
import type { TokenSettings } from './token-options.js';
import type { TransportSettings } from './transport-options.js';
import type { UserSettings } from './users.js';

/** Every option; `AuthModuleOptions` adds that one of `secret` and `keys` has to be given. */
export interface AuthModuleSettings
  extends TokenSettings,
    LifetimeSettings,
    SessionSettings,
    StorageSettings,
    UserSettings,
    TransportSettings,
    ClientSettings,
    MessageSettings,
    ServerlessSettings {
  /**
   * What the guard checks on each request, after the signature.
   * @default { check: 'session' }
   */
  revocation?: RevocationOptions;
  /**
   * When a session counts as used by two clients in turn, which the event `suspected` and the list report; false turns
   * this off.
   * @default { devices: 5, networks: 20 }
   */
  suspicion?: SuspicionOptions | false;
  /**
   * How rows of ended sessions are deleted on a schedule; false for an app that calls `SessionRegistry.purge` itself.
   * @default { every: '10m', batch: 1000, retention: '30d' }
   */
  purge?: PurgeOptions | false;
  /**
   * How long this module may take to write the remaining "last active" times and to close its connections when the app
   * stops, once the app's server is closed. What takes longer is left to the end of the process.
   * @default '5s'
   */
  shutdownTimeout?: Duration;
  /**
   * The source of the current time.
   * @default the clock of the machine
   */
  clock?: Clock;
}

/** Everything that `AuthModule.forRoot` and the factory of `forRootAsync` take. An unknown name stops the boot. */
export type AuthModuleOptions = AuthModuleSettings & ({ secret: string | Buffer } | { keys: readonly KeyOption[] });

/** What the class of `forRootAsync({ useClass | useExisting })` implements. */
export interface AuthOptionsFactory {
  createAuthOptions(): AuthModuleOptions | Promise<AuthModuleOptions>;
}
