import type { Clock } from '../clock.js';
import type { Session } from '../sessions/session.js';
import { toSessionView } from '../sessions/session-view.js';
import type { TokenSigner } from '../tokens/token-signer.js';
import type { TokenPair } from '../wire.js';

/** Signs the pair of tokens for a session's current generation. */
export class TokenIssuer {
  constructor(
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
  ) {}

  /** The token response (RFC 6749 section 5.1) for this session and the app's own claims. */
  issue(session: Session, custom: Readonly<Record<string, unknown>>): TokenPair {
    const now = this.clock.now();
    const subject = { ...session, sessionEnd: session.expiresAt, custom };
    const access = this.signer.sign('access', subject, now);
    const refresh = this.signer.sign('refresh', subject, now);
    return {
      access_token: access.token,
      token_type: 'Bearer',
      expires_in: access.expiresIn,
      refresh_token: refresh.token,
      refresh_expires_in: refresh.expiresIn,
      session: toSessionView(session, session.guid),
    };
  }
}
