import { Logger, type Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { SessionEvents } from '../events/session-events.js';
import { FaultLog } from '../faults/fault-log.js';
import { resolveOptions } from '../options/resolve-options.js';
import type { AuthModuleOptions } from '../options/auth-module-options.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { MODULE_OPTIONS_TOKEN } from './definition.js';
import { Lifecycle } from './lifecycle.js';
import { Shutdown } from './shutdown.js';

const logger = new Logger('AuthModule');

/** The services that all others need: options, clock, events, the log of faults, and starting and stopping. */
export const foundation: Provider[] = [
  { provide: ResolvedAuthOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveAndTell },
  { provide: Clock, inject: [ResolvedAuthOptions], useFactory: ({ clock }: ResolvedAuthOptions) => clock },
  {
    provide: Lifecycle,
    inject: [ResolvedAuthOptions],
    useFactory: ({ shutdownTimeout }: ResolvedAuthOptions) => new Lifecycle(new Shutdown(shutdownTimeout, logger)),
  },
  {
    provide: FaultLog,
    inject: [Clock, Lifecycle],
    useFactory: (clock: Clock, lifecycle: Lifecycle) => {
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

function resolveAndTell(given: AuthModuleOptions): ResolvedAuthOptions {
  const options = resolveOptions(given);
  if (!options.transport.secure) logger.warn(INSECURE);
  return options;
}

const INSECURE =
  'Cookies are set without `Secure` and `__Host-`, and only on localhost, because `cookies.secure` is false. ' +
  'Set it on development machines only.';
