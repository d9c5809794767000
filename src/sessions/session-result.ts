import type { RefusalReason } from '../errors.js';
import type { Session } from './session.js';

/** A session opened or renewed, or why not. `replayed` tells that the predecessor was honoured. */
export type SessionResult =
  | { readonly ok: true; readonly session: Session; readonly replayed: boolean }
  | { readonly ok: false; readonly reason: RefusalReason };
