import type { Provider } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { TokenIssuer } from '../auth/token-issuer.js';
import { UserDirectory } from '../auth/user-directory.js';
import { Clock } from '../clock.js';
import { FaultLog } from '../faults/fault-log.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { RevocationChecks } from '../revocation/revocation-checks.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import { TokenSigner } from '../tokens/token-signer.js';
import { TokenVerifier } from '../tokens/token-verifier.js';

/** The services that connect users, tokens and sessions. */
export const auth: Provider[] = [
  { provide: UserDirectory, inject: [FaultLog], useFactory: (faults: FaultLog) => new UserDirectory(faults) },
  {
    provide: TokenIssuer,
    inject: [TokenSigner, Clock],
    useFactory: (signer: TokenSigner, clock: Clock) => new TokenIssuer(signer, clock),
  },
  {
    provide: AuthService,
    inject: [SessionRegistry, TokenVerifier, TokenIssuer, RevocationChecks, UserDirectory, ResolvedAuthOptions, Clock],
    useFactory: (...parts: ConstructorParameters<typeof AuthService>) => new AuthService(...parts),
  },
];
