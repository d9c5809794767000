import type { RefusalReason } from '../errors.js';
import type { Session } from './session.js';

/** A session opened or renewed, or why not. `repeated` tells that the predecessor was honoured. */
export type SessionResult =
  | { readonly ok: true; readonly session: Session; readonly repeated: boolean }
  | { readonly ok: false; readonly reason: RefusalReason };
