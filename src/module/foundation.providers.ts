import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import { resolveOptions } from '../options/resolve-options.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { AuthModuleOptions } from '../options/auth-module-options.js';
import { AuthLogger } from './auth-logger.js';
import { AUTH_MODULE_EXTRAS, type AuthModuleExtras, MODULE_OPTIONS_TOKEN } from './definition.js';
import { refuseShared, refuseTwins } from './neighbours.js';
import { Lifecycle } from './lifecycle.js';
import { Shutdown } from './shutdown.js';

const WITHOUT_ROW: readonly string[] = ['denylist', 'validTokenFrom', 'expiry'];

/** The services that all others need: options, clock, events, the log of faults, and starting and stopping. */
export const foundation: Provider[] = [
  {
    provide: ResolvedAuthOptions,
    inject: [MODULE_OPTIONS_TOKEN, AUTH_MODULE_EXTRAS, ModulesContainer, AuthLogger],
    useFactory: resolveBesideOthers,
  },
  {
    provide: AuthLogger,
    inject: [AUTH_MODULE_EXTRAS],
    useFactory: ({ realm }: AuthModuleExtras) => new AuthLogger(realm),
  },
  { provide: Clock, inject: [ResolvedAuthOptions], useFactory: ({ clock }: ResolvedAuthOptions) => clock },
  {
    provide: Lifecycle,
    inject: [ResolvedAuthOptions, AuthLogger],
    useFactory: ({ shutdownTimeout }: ResolvedAuthOptions, logger: AuthLogger) =>
      new Lifecycle(new Shutdown(shutdownTimeout, logger)),
  },
  {
    provide: FaultLog,
    inject: [Clock, Lifecycle, AuthLogger],
    useFactory: (clock: Clock, lifecycle: Lifecycle, logger: AuthLogger) => {
      const faults = new FaultLog((level, line) => logger[level](line), clock);
      return lifecycle.add(faults, { name: 'the log of faults', stage: 'faults', stop: () => faults.stop() });
    },
  },
  {
    provide: SessionEvents,
    inject: [FaultLog],
    useFactory: (faults: FaultLog) =>
      new SessionEvents((name, error) => faults.failed('listener', error, `a listener of '${name}'`)),
  },
];

function resolveBesideOthers(
  given: AuthModuleOptions,
  extras: AuthModuleExtras,
  modules: ModulesContainer,
  logger: AuthLogger,
): ResolvedAuthOptions {
  refuseTwins(modules, extras);
  const options = resolveOptions(given, extras.realm);
  refuseShared(modules, options, extras);
  if (isGuess(given, options)) logger.warn(guessedIssuer(options.revocation.check));
  if (!options.transport.secure) logger.warn(INSECURE);
  return options;
}

/** Whether nothing but the keys tells the tokens of this app from those of another one that keeps its sessions elsewhere. */
function isGuess(given: AuthModuleOptions, { revocation }: ResolvedAuthOptions): boolean {
  return given.issuer === undefined && given.audience === undefined && WITHOUT_ROW.includes(revocation.check);
}

function guessedIssuer(check: string): string {
  return (
    `The check '${check}' does not look for the session of a token. As long as \`issuer\` has its default, it accepts the ` +
    'tokens of any other app with the same key and the same default. Give this app an `issuer` of its own.'
  );
}

const INSECURE =
  'Cookies are set without `Secure` and `__Host-`, and only on localhost, because `cookies.secure` is false. ' +
  'Set it on development machines only.';
