import { AuthService } from '../../src/auth/auth.service.js';
import { TokenIssuer } from '../../src/auth/token-issuer.js';
import { UserDirectory } from '../../src/auth/user-directory.js';
import { SessionEvents } from '../../src/events/session-events.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { ResolvedAuthOptions } from '../../src/options/resolved-auth-options.js';
import { RevocationChecks } from '../../src/revocation/revocation-checks.js';
import { SessionCheck } from '../../src/revocation/session.check.js';
import { FailClosedStore } from '../../src/sessions/fail-closed-store.js';
import { SessionRegistry } from '../../src/sessions/session-registry.js';
import type { SessionStore } from '../../src/sessions/session-store.js';
import { KeySet } from '../../src/tokens/key-set.js';
import { TokenSigner } from '../../src/tokens/token-signer.js';
import { TokenVerifier } from '../../src/tokens/token-verifier.js';
import { TestClock } from '../../src/testing/test-clock.js';

/** The inside of the module over one store, without Nest and without HTTP. */
export interface ComposedAuth {
  auth: AuthService;
  registry: SessionRegistry;
  events: SessionEvents;
  verifier: TokenVerifier;
  check: SessionCheck;
  options: ResolvedAuthOptions;
  clock: TestClock;
}

/** Puts the parts together as `module/providers.ts` does. */
export function composeAuth(
  given: SessionStore,
  limits: Partial<AuthModuleOptions> = {},
  clock = new TestClock(),
): ComposedAuth {
  const options = resolveOptions({ secret: 'a test secret of more than thirty-two bytes', clock, ...limits });
  const store = new FailClosedStore(given);
  const events = new SessionEvents();
  const registry = new SessionRegistry(store, options, clock, events);
  const keys = new KeySet(options.tokens.keys);
  const verifier = new TokenVerifier(options.tokens, keys);
  const issuer = new TokenIssuer(new TokenSigner(options.tokens, keys), clock);
  const check = new SessionCheck(store, options.sessions, clock);
  const auth = new AuthService(
    registry,
    verifier,
    issuer,
    new RevocationChecks({ session: check }, check),
    new UserDirectory(),
    options,
    clock,
  );
  return { auth, registry, events, verifier, check, options, clock };
}
