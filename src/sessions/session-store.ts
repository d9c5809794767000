import type { EndReason } from '../wire.js';
import type { ClientInfo } from './client-info.js';
import type { Companion } from './companion.js';
import type { CutoffMark } from './cutoff.js';
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
  /** Live sessions beyond which the least recently active end where there is no `maxSessions`; none when left out. */
  readonly bound?: number | undefined;
  readonly whenFull: 'evict' | 'reject';
  /** Sessions not active since then are idle, and do not count; 0 without an idle limit. */
  readonly idleBefore: number;
  /** What is stored together with the session, where it is opened. */
  readonly companions?: readonly Companion<Opened>[] | undefined;
}

/** What opening did: the guids it ended. */
export interface Opened {
  readonly opened: true;
  readonly replaced: readonly string[];
  readonly evicted: readonly string[];
  /** True where more sessions are live than may be, and have to be ended in batches. */
  readonly crowded?: boolean | undefined;
}

/**
 * What opening did, or why it did not happen. `cut_off`: the user was cut off after the ticket was drawn. `full`:
 * `maxSessions` are live and none may go.
 */
export type OpenOutcome = Opened | { readonly opened: false; readonly why: 'cut_off' | 'full' };

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
}

/** When and why one session ends. */
export interface SessionEnding extends Ending {
  /** Its access tokens are cut off too, and that is kept until then; left out, they are not. */
  readonly cutUntil?: number | undefined;
  /** What is stored together with the end; not called for a session that does not end by it. */
  readonly companions?: readonly Companion<'ended'>[] | undefined;
}

/**
 * What became of a session that was to end. `ended`: it was live, and this call ended it. `over`: the user has it, and it had
 * ended before, by somebody or by time. `unknown`: the user has no such session.
 */
export type EndOutcome = 'ended' | 'over' | 'unknown';

/**
 * A cutoff of one user, or of everybody: no sign-in with an older ticket can be opened and none of their sessions but
 * `keep` can be renewed from then on, and all of these have to be ended.
 */
export interface Cutoff extends Ending {
  /** null for everybody. */
  readonly userId: string | null;
  /** Of one user: the session that outlives it, unless a cutoff of everybody covers it. */
  readonly keep?: string | undefined;
  /** What is stored together with the number, before a session ends by it. */
  readonly companions?: readonly Companion<StoredCutoff>[] | undefined;
}

/** A cutoff that is stored. */
export interface StoredCutoff {
  /** What holds for the user, or for everybody, from now on. `SessionStore.endBatch` ends the sessions it covers. */
  readonly mark: CutoffMark;
  /** Sessions that ended in the same step. */
  readonly ended: number;
}

/** The place of a session in the order of opening. */
export interface Place {
  readonly createdAt: number;
  readonly guid: string;
}

/** How recently a session was active; of two that were so at once, the one opened later counts as more recent. */
export interface Activity extends Place {
  readonly lastActiveAt: number;
}

/** Sessions that have to end, however many they are. */
export interface Walk extends Ending {
  /** null for everybody. */
  readonly userId: string | null;
  /** The cutoff that covers them: those with a smaller ticket than its own. `ALL_CUT_OFF` covers every session. */
  readonly mark: CutoffMark;
  /** Of them only those that were active no more recently than this one. */
  readonly upTo?: Activity | undefined;
}

/** What one batch of a walk did. */
export interface BatchOutcome {
  readonly ended: number;
  /** The sessions of the walk in this batch: each is over now, whoever ended it. */
  readonly over: readonly string[];
  /** Where the next batch begins; undefined once all are ended. */
  readonly next?: Place | undefined;
}

/** A piece of a list: so many sessions, from a place on. */
export interface ListPage {
  readonly limit: number;
  /** The last session of the page before: its place, and its end in a list of ended ones. */
  readonly after?: (Place & { readonly endedAt?: number | undefined }) | undefined;
  /** Now. */
  readonly at: number;
  readonly idleBefore: number;
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
   * that of the session itself.
   */
  abstract cutoffOf(key: SessionKey): Promise<CutoffMark>;
  abstract open(session: Session, rules: OpenRules): Promise<OpenOutcome>;
  /** What a verdict needs, or undefined for a session the user does not have. Reads only, and from the primary. */
  abstract check(key: SessionKey): Promise<SessionState | undefined>;
  abstract find(key: SessionKey): Promise<Session | undefined>;
  /**
   * A page of the user's live sessions, opened last first, or of those that are over, whether or not their end was
   * written down, ended last first. Sessions equal in that order come in the order of their guids, from the last.
   */
  abstract list(userId: string, ended: boolean, page: ListPage): Promise<Session[]>;
  /**
   * Compare and swap: the rotated session, or undefined when `from` is not its live generation, or a cutoff covers the
   * session, also one whose ends are still to come.
   */
  abstract rotate(rotation: Rotation): Promise<Session | undefined>;
  /** Records the first use of the live generation `refTokID`; does nothing if it was rotated out meanwhile. */
  abstract markUsed(key: SessionKey, refTokID: string, at: number): Promise<void>;
  abstract rename(key: SessionKey, name: string): Promise<boolean>;
  /**
   * Ends one session, and says what became of it. With `cutUntil` the tokens of a session that the user has are cut off in
   * the same step, also if it was over.
   */
  abstract end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome>;
  /**
   * Moves the cutoff to now: it holds for sign-ins, renewals and tokens as soon as this resolves. What it covers is ended
   * by `endBatch`.
   */
  abstract cutOff(cutoff: Cutoff): Promise<StoredCutoff>;
  /** Ends some hundred sessions of a walk at most. Where it rejects, it can be done again. */
  abstract endBatch(walk: Walk, after?: Place): Promise<BatchOutcome>;
  /**
   * The most recently active session of the user that is one too many where so many may be live, `keep` among them;
   * undefined where none is.
   */
  abstract firstSurplus(
    keep: SessionKey,
    most: number,
    moment: Pick<Ending, 'at' | 'idleBefore'>,
  ): Promise<Activity | undefined>;
  /** Moves "last active" forward; never revives a session. Resolves to the number of rows written. */
  abstract touch(touches: readonly Touch[], round: TouchRound): Promise<number>;
  /** Deletes some of the user's rows, live or ended, a thousand at most; resolves to their number, 0 once none is left. */
  abstract forget(userId: string): Promise<number>;
  abstract purge(round: PurgeRound): Promise<PurgeOutcome>;
}
