import type { Provider } from '@nestjs/common';
import { Clock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { ResolvedAuthOptions } from './options/resolved-auth-options.js';
import { DenyingStore } from './revocation/denying-store.js';
import { DenylistCheck } from './revocation/denylist.check.js';
import { Denylist } from './revocation/denylist.js';
import { ExpiryCheck } from './revocation/expiry.check.js';
import { RevocationChecks } from './revocation/revocation-checks.js';
import { SessionCheck } from './revocation/session.check.js';
import { ValidTokenFromCheck } from './revocation/valid-token-from.check.js';
import { FailClosedStore } from './sessions/fail-closed-store.js';
import { SessionStore } from './sessions/session-store.js';
import { MemoryDenylist } from './storage/memory/memory-denylist.js';
import { OpenedStore } from './storage/open-store.js';

/** How ends are stored and noticed. */
export const revocation: Provider[] = [
  { provide: Denylist, inject: [ResolvedAuthOptions, OpenedStore], useFactory: chooseDenylist },
  {
    provide: SessionStore,
    inject: [OpenedStore, { token: Denylist, optional: true }, ResolvedAuthOptions, Clock],
    useFactory: ({ store }: OpenedStore, denylist: Denylist | undefined, options: ResolvedAuthOptions, clock: Clock) =>
      new FailClosedStore(denylist ? new DenyingStore(store, denylist, options.tokens.accessTtl, clock) : store),
  },
  {
    provide: RevocationChecks,
    inject: [SessionStore, { token: Denylist, optional: true }, ResolvedAuthOptions, Clock],
    useFactory: (store: SessionStore, denylist: Denylist | undefined, options: ResolvedAuthOptions, clock: Clock) =>
      new RevocationChecks(
        {
          session: new SessionCheck(store, options.sessions, clock),
          validTokenFrom: new ValidTokenFromCheck(store),
          expiry: new ExpiryCheck(),
          ...(denylist && { denylist: new DenylistCheck(denylist) }),
        },
        options.revocation.check,
      ),
  },
];

function chooseDenylist({ revocation }: ResolvedAuthOptions, opened: OpenedStore): Denylist | undefined {
  if (!revocation.denies) return undefined;
  if (revocation.denylist === 'memory') return new MemoryDenylist();
  if (opened.denylist || revocation.denylist === undefined) return opened.denylist ?? new MemoryDenylist();
  const problem = "'database' is where it should be kept, and the sessions are in a `store` of the app";
  throw new ConfigurationError('revocation.denylist', problem, "Use 'memory', or keep the sessions in a database");
}
