import type { ClientInfo } from './client-info.js';
import type { Session } from './session.js';

/** Hears of each predecessor that was honoured: where a room that judges them is hung on. */
export interface HonouredObserver {
  /** `session` carries the client who rotated it, `client` is who presented the predecessor. Never rejects. */
  honoured(session: Session, client: ClientInfo): Promise<void>;
}
