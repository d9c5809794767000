import type { RefusalReason } from '../errors.js';
import type { Session } from './session.js';

/** An opened or renewed session, or the reason why not. `repeated`: the previous refresh token was accepted again. */
export type SessionResult =
  | { readonly ok: true; readonly session: Session; readonly repeated: boolean }
  | { readonly ok: false; readonly reason: RefusalReason };
