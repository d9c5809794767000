import type { ClientInfo } from './client-info.js';
import type { Session } from './session.js';

/** Is told whenever a previous refresh token is accepted. The suspicion feature attaches here. */
export interface HonouredObserver {
  /** `session` carries the client that rotated it; `client` is the one that presented the predecessor. Never rejects. */
  honoured(session: Session, client: ClientInfo): Promise<void>;
}
