import type { Provider } from '@nestjs/common';
import { OpenedCopies, OpenedMedia, sharedMedium } from './copies.providers.js';
import { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { FaultLog } from '../faults/fault-log.js';
import { oneOf } from '../options/option-readers.js';
import { CHECK_KINDS } from '../options/revocation-options.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { CopiedCheck } from '../copies/copied.check.js';
import { DroppingStore } from '../copies/dropping-store.js';
import { DenyingStore } from '../revocation/denying-store.js';
import { DenylistCheck } from '../revocation/denylist.check.js';
import { Denylist } from '../revocation/denylist.js';
import { ExpiryCheck } from '../revocation/expiry.check.js';
import type { TokenCheck } from '../revocation/token-check.js';
import { RevocationChecks } from '../revocation/revocation-checks.js';
import { SessionCheck } from '../revocation/session.check.js';
import { ValidTokenFromCheck } from '../revocation/valid-token-from.check.js';
import { FailClosedStore } from '../sessions/fail-closed-store.js';
import { SessionStore } from '../sessions/session-store.js';
import { MemoryDenylist } from '../storage/memory/memory-denylist.js';
import { OpenedStore } from './open-store.js';
import { guarded, OWN_CHECKS } from './own-checks.js';
import { RunStore } from '../suspicion/run-store.js';
import { SuspicionMarkingStore } from '../suspicion/suspicion-marking-store.js';

/** How ends are stored and noticed. */
export const revocation: Provider[] = [
  { provide: Denylist, inject: [ResolvedAuthOptions, OpenedStore, Clock, OpenedMedia], useFactory: chooseDenylist },
  {
    provide: SessionStore,
    inject: [
      OpenedStore,
      { token: Denylist, optional: true },
      { token: RunStore, optional: true },
      OpenedCopies,
      ResolvedAuthOptions,
      Clock,
      FaultLog,
    ],
    useFactory: layStore,
  },
  {
    provide: RevocationChecks,
    inject: [
      SessionStore,
      { token: Denylist, optional: true },
      OpenedCopies,
      ResolvedAuthOptions,
      Clock,
      FaultLog,
      OWN_CHECKS,
    ],
    useFactory: layChecks,
  },
];

/** The store, and around it what has to happen when rows change. */
function layStore(
  { store }: OpenedStore,
  denylist: Denylist | undefined,
  runs: RunStore | undefined,
  { hot, near }: OpenedCopies,
  { tokens, sessions, suspicion }: ResolvedAuthOptions,
  clock: Clock,
  faults: FaultLog,
): SessionStore {
  const denying = denylist ? new DenyingStore(store, denylist, tokens.accessTtl, clock) : store;
  const stale = [hot, near].filter((one) => one !== undefined);
  const dropping = stale.length > 0 ? new DroppingStore(denying, stale, sessions.reuseInterval, clock) : denying;
  const marking = runs ? new SuspicionMarkingStore(dropping, runs, suspicion !== null) : dropping;
  return new FailClosedStore(marking, faults);
}

/** The checks: for a route that asks `session`, all but the near copy. */
function layChecks(
  store: SessionStore,
  denylist: Denylist | undefined,
  { hot, near }: OpenedCopies,
  { sessions, revocation }: ResolvedAuthOptions,
  clock: Clock,
  faults: FaultLog,
  own: Readonly<Record<string, TokenCheck>>,
): RevocationChecks {
  const row: TokenCheck = new SessionCheck(store, sessions, clock);
  const session = hot ? new CopiedCheck(hot, row, sessions, clock) : row;
  const checks: Record<string, TokenCheck> = {
    session,
    validTokenFrom: new ValidTokenFromCheck(store),
    expiry: new ExpiryCheck(),
    ...(denylist && { denylist: new DenylistCheck(denylist, faults) }),
    ...guarded(own, faults),
  };
  const name = oneOf<string>('revocation.check', revocation.check, [...CHECK_KINDS, ...Object.keys(own)]);
  const standard = near ? new CopiedCheck(near, session, sessions, clock) : (checks[name] as TokenCheck);
  return new RevocationChecks(checks, standard);
}

async function chooseDenylist(
  { revocation: { denies, denylist } }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  clock: Clock,
): Promise<Denylist | undefined> {
  if (!denies) return undefined;
  if (denylist === 'memory') return new MemoryDenylist();
  if (denylist !== undefined && denylist !== 'database') {
    return sharedMedium('revocation.denylist', denylist).denylist(clock);
  }
  if (parts || denylist === undefined) return parts?.denylist ?? new MemoryDenylist();
  const problem = "'database' is where it should be kept, and the sessions are in a `store` of the app";
  throw new ConfigurationError('revocation.denylist', problem, "Use 'memory', or keep the sessions in a database");
}
