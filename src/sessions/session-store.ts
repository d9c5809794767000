import type { EndReason } from '../wire.js';
import type { ClientInfo } from './client-info.js';
import type { Session, SessionState } from './session.js';

/** Names one session of one user. */
export interface SessionKey {
  readonly userId: string;
  readonly guid: string;
}

/** What opening a session has to respect, in the same transaction as the insert. */
export interface OpenRules {
  /** A session of the same device, ended as `replaced`. */
  readonly replaces?: string | undefined;
  readonly maxSessions: number | null;
  readonly whenFull: 'evict' | 'reject';
  /** Sessions not active since then are idle, and do not count; 0 without an idle limit. */
  readonly idleBefore: number;
}

/**
 * What opening did: the guids it ended, or why it did not happen. `cut_off`: the user was cut off after the ticket
 * was drawn. `full`: `maxSessions` are live and none may go.
 */
export type OpenOutcome =
  | { readonly opened: true; readonly replaced: readonly string[]; readonly evicted: readonly string[] }
  | { readonly opened: false; readonly why: 'cut_off' | 'full' };

/** The exchange of one token generation for the next. */
export interface Rotation extends SessionKey, ClientInfo {
  readonly from: string;
  readonly to: string;
  readonly at: number;
  readonly idleBefore: number;
}

/**
 * When and why live sessions end. One that was ended already stays as it is; one that is over by time is written down
 * as `expired` or `idle`, so that a clock running behind cannot take it for live again.
 */
export interface Ending {
  readonly reason: EndReason;
  readonly at: number;
  readonly idleBefore: number;
  /** Of one session that ends: its access tokens are cut off too, and that is kept until then. */
  readonly cutUntil?: number | undefined;
}

/**
 * A cutoff of one user, or of everybody: every session of theirs ends but `keep`, and no sign-in with an older ticket
 * can be opened.
 */
export interface Cutoff extends Ending {
  /** null for everybody. */
  readonly userId: string | null;
  /** Of one user: the session that outlives it, unless a cutoff of everybody covers it. */
  readonly keep?: string | undefined;
}

/**
 * What cutoffs mean for tokens that are out: those of an older ticket are over, but for those of the session `kept`.
 * `ticket` is 0 before the first.
 */
export interface CutoffMark {
  readonly ticket: number;
  readonly kept: string | null;
}

/** The mark where nobody was ever cut off. */
export const NO_CUTOFF: CutoffMark = { ticket: 0, kept: null };

/** The mark of a session whose own access tokens are cut off, all of them. */
export const ALL_CUT_OFF: CutoffMark = { ticket: Number.MAX_SAFE_INTEGER, kept: null };

/** Whether a token of this session, with this ticket, is from before the cutoff. */
export function isCutOff(mark: CutoffMark, { guid, ticket }: { guid: string; ticket: number }): boolean {
  return ticket < mark.ticket && guid !== mark.kept;
}

/** "This session was active": what is seen of its client now. */
export interface Touch extends SessionKey, ClientInfo {
  readonly at: number;
}

/** When a batch of touches is written. */
export interface TouchRound {
  /** Rows whose "last active" is younger than this before their touch are left alone. */
  readonly touchInterval: number;
  readonly at: number;
  readonly idleBefore: number;
}

/** A walk of purge over dead rows. */
export interface PurgeRound {
  /** Now: what was kept about access tokens that have ended by then goes too. */
  readonly at: number;
  /** Rows dead before this are deleted. */
  readonly deadBefore: number;
  readonly idleTimeout: number | null;
  readonly limit: number;
}

/** `visited` equal to the limit says there may be more. */
export interface PurgeOutcome {
  readonly deleted: number;
  readonly visited: number;
}

/**
 * Where sessions are kept: the port the storage adapters implement. Every method is one atomic step over all
 * processes, is stored for good when it resolves, and rejects if that is in doubt.
 */
export abstract class SessionStore {
  /**
   * The number of the latest cutoff of anyone. Drawn before a password is checked, it orders that sign-in against
   * every cutoff without asking a clock.
   */
  abstract currentTicket(): Promise<number>;
  /**
   * The mark that holds for a token of this session, from the primary: the later of its user's and everybody's, or
   * that of the session itself. That of everybody alone for null.
   */
  abstract cutoffOf(key: SessionKey | null): Promise<CutoffMark>;
  abstract open(session: Session, rules: OpenRules): Promise<OpenOutcome>;
  /** What a verdict needs, or undefined for a session the user does not have. Reads only, and from the primary. */
  abstract check(key: SessionKey): Promise<SessionState | undefined>;
  abstract find(key: SessionKey): Promise<Session | undefined>;
  /** Every session of the user that has not been ended, or every one that has, in no order. */
  abstract list(userId: string, ended: boolean): Promise<Session[]>;
  /** Compare and swap: the rotated session, or undefined when `from` is not its live generation. */
  abstract rotate(rotation: Rotation): Promise<Session | undefined>;
  /** Records the first use of the live generation `refTokID`; does nothing if it was rotated out meanwhile. */
  abstract markUsed(key: SessionKey, refTokID: string, at: number): Promise<void>;
  abstract rename(key: SessionKey, name: string): Promise<boolean>;
  /**
   * Ends one session; false when it was not there or had ended already. With `cutUntil` the tokens of a session that
   * the user has are cut off in the same step, also if it had ended.
   */
  abstract end(key: SessionKey, ending: Ending): Promise<boolean>;
  /**
   * Moves the cutoff to now and ends what it covers; resolves to the number of sessions ended. That of everybody holds
   * for sign-ins and tokens at once, then ends sessions in batches; where it rejects halfway, it can be done again.
   */
  abstract cutOff(cutoff: Cutoff): Promise<number>;
  /** Moves "last active" forward; never revives a session. Resolves to the number of rows written. */
  abstract touch(touches: readonly Touch[], round: TouchRound): Promise<number>;
  /** Deletes every row of the user, live or ended; resolves to their number. */
  abstract forget(userId: string): Promise<number>;
  abstract purge(round: PurgeRound): Promise<PurgeOutcome>;
}
