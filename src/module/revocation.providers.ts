import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { FaultLog } from '../faults/fault-log.js';
import { oneOf } from '../options/option-readers.js';
import { CHECK_KINDS } from '../options/revocation-options.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
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
import { type Layer, LAYERS, wrapped } from './layers.js';
import { OpenedMedia, sharedMedium } from './media.providers.js';
import { OpenedStore } from './open-store.js';
import { guarded, OWN_CHECKS } from './own-checks.js';

/** The injection token of the layer that adds the denylist. */
export const DENYING = Symbol('DENYING');

/** The store as the rest of the module uses it, the denylist, and the checks. */
export const revocation: Provider[] = [
  { provide: Denylist, inject: [ResolvedAuthOptions, OpenedStore, Clock, OpenedMedia], useFactory: chooseDenylist },
  {
    provide: DENYING,
    inject: [{ token: Denylist, optional: true }, ResolvedAuthOptions, Clock],
    useFactory: (denylist: Denylist | undefined, { tokens }: ResolvedAuthOptions, clock: Clock): Layer =>
      denylist ? { store: (inner) => new DenyingStore(inner, denylist, tokens.accessTtl, clock) } : {},
  },
  {
    provide: SessionStore,
    inject: [OpenedStore, LAYERS, FaultLog],
    useFactory: ({ store }: OpenedStore, layers: readonly Layer[], faults: FaultLog) =>
      new FailClosedStore(wrapped(layers, 'store', store), faults),
  },
  {
    provide: RevocationChecks,
    inject: [
      SessionStore,
      { token: Denylist, optional: true },
      LAYERS,
      ResolvedAuthOptions,
      Clock,
      FaultLog,
      OWN_CHECKS,
    ],
    useFactory: layChecks,
  },
];

function layChecks(
  store: SessionStore,
  denylist: Denylist | undefined,
  layers: readonly Layer[],
  { sessions, revocation }: ResolvedAuthOptions,
  clock: Clock,
  faults: FaultLog,
  own: Readonly<Record<string, TokenCheck>>,
): RevocationChecks {
  const checks: Record<string, TokenCheck> = {
    session: wrapped(layers, 'session', new SessionCheck(store, sessions, clock)),
    validTokenFrom: new ValidTokenFromCheck(store),
    expiry: new ExpiryCheck(),
    ...(denylist && { denylist: new DenylistCheck(denylist, faults) }),
    ...guarded(own, faults),
  };
  const name = oneOf<string>('revocation.check', revocation.check, [...CHECK_KINDS, ...Object.keys(own)]);
  return new RevocationChecks(checks, wrapped(layers, 'standard', checks[name] as TokenCheck));
}

async function chooseDenylist(
  { realm, revocation: { denies, denylist } }: ResolvedAuthOptions,
  { parts }: OpenedStore,
  clock: Clock,
): Promise<Denylist | undefined> {
  if (!denies) return undefined;
  if (denylist === 'memory') return new MemoryDenylist();
  if (denylist !== undefined && denylist !== 'database') {
    return sharedMedium('revocation.denylist', denylist, realm).denylist(clock);
  }
  if (parts || denylist === undefined) return parts?.denylist ?? new MemoryDenylist();
  const problem = "it is 'database', but the sessions are in your own `store`";
  throw new ConfigurationError('revocation.denylist', problem, "Use 'memory', or keep the sessions in a database");
}
