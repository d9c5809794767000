import type { EndReason } from '../wire.js';
import type { ClientInfo } from './client-info.js';
import type { Companion } from './companion.js';
import type { CutoffMark } from './cutoff.js';
import type { Session, SessionState } from './session.js';

/** Identifies one session of one user. */
export interface SessionKey {
  readonly userId: string;
  readonly guid: string;
}

/** The rules for opening a session. They apply in the same transaction as the insert. */
export interface OpenRules {
  /** The previous session of the same device, to be ended with the reason `replaced`. */
  readonly replaces?: string | undefined;
  readonly maxSessions: number | null;
  /** Without `maxSessions`: beyond so many live sessions, the least recently active end. No bound if left out. */
  readonly bound?: number | undefined;
  readonly whenFull: 'evict' | 'reject';
  /** Sessions that were not active after this time are idle and do not count; 0 without an idle limit. */
  readonly idleBefore: number;
  /** What to store together with the session. Not called if it is not opened. */
  readonly companions?: readonly Companion<Opened>[] | undefined;
}

/** A session was opened: the guids of the sessions that ended for it. */
export interface Opened {
  readonly opened: true;
  readonly replaced: readonly string[];
  readonly evicted: readonly string[];
  /** True if more sessions are live than allowed, and the surplus has to be ended in batches. */
  readonly crowded?: boolean | undefined;
}

/**
 * What opening did, or why it was refused. `cut_off`: the user was cut off after the ticket was drawn. `full`: `maxSessions`
 * are live, and `whenFull` is `reject`.
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
 * When and why live sessions end. A session that has already ended stays as it is. One that ended by time is stored as
 * `expired` or `idle`, so that a process whose clock is behind cannot take it for live again.
 */
export interface Ending {
  readonly reason: EndReason;
  readonly at: number;
  readonly idleBefore: number;
}

/** When and why one session ends. */
export interface SessionEnding extends Ending {
  /** Also cuts off its access tokens, and keeps that until this time. If left out, they are not cut off. */
  readonly cutUntil?: number | undefined;
  /** What to store together with the end. Not called if this call does not end the session. */
  readonly companions?: readonly Companion<'ended'>[] | undefined;
}

/**
 * What happened to a session that should end. `ended`: it was live, and this call ended it. `over`: the user has it, but it
 * had already ended, by a call or by time. `unknown`: the user has no such session.
 */
export type EndOutcome = 'ended' | 'over' | 'unknown';

/**
 * A cutoff of one user, or of everybody. From then on no sign-in with an older ticket can be opened, and none of their
 * sessions except `keep` can be renewed. All of these sessions have to be ended afterwards.
 */
export interface Cutoff extends Ending {
  /** null for everybody. */
  readonly userId: string | null;
  /** Only for one user: the session that stays live, unless a cutoff of everybody covers it. */
  readonly keep?: string | undefined;
  /** What to store together with the cutoff, before any session ends because of it. */
  readonly companions?: readonly Companion<StoredCutoff>[] | undefined;
}

/** A stored cutoff. */
export interface StoredCutoff {
  /** The mark that holds from now on for the user or for everybody. `SessionStore.endBatch` ends the sessions it covers. */
  readonly mark: CutoffMark;
  /** The number of sessions that ended in the same step. */
  readonly ended: number;
}

/** The place of a session in the order of sign-in. */
export interface Place {
  readonly createdAt: number;
  readonly guid: string;
}

/** How recently a session was active. Of two with the same time, the one opened later counts as more recent. */
export interface Activity extends Place {
  readonly lastActiveAt: number;
}

/** A set of sessions to end, however large. */
export interface Walk extends Ending {
  /** null for everybody. */
  readonly userId: string | null;
  /** The cutoff that covers them: all sessions with a smaller ticket than its own. `ALL_CUT_OFF` covers every session. */
  readonly mark: CutoffMark;
  /** If given, only those that were active no more recently than this. */
  readonly upTo?: Activity | undefined;
}

/** What one batch of a walk did. */
export interface BatchOutcome {
  readonly ended: number;
  /** The sessions in this batch: each of them has ended now, by this call or before. */
  readonly over: readonly string[];
  /** Where the next batch begins; undefined once all have ended. */
  readonly next?: Place | undefined;
}

/** A page of a list. */
export interface ListPage {
  readonly limit: number;
  /** The last session of the previous page: its place, and in a list of ended sessions also its end. */
  readonly after?: (Place & { readonly endedAt?: number | undefined }) | undefined;
  /** Now. */
  readonly at: number;
  readonly idleBefore: number;
}

/** "This session was active", with what is known about its client now. */
export interface Touch extends SessionKey, ClientInfo {
  readonly at: number;
}

/** When a batch of touches is written. */
export interface TouchRound {
  /** A row is only written if its "last active" is at least this much older than the touch. */
  readonly touchInterval: number;
  readonly at: number;
  readonly idleBefore: number;
}

/** One round of purge over dead rows. */
export interface PurgeRound {
  /** Now: what was kept about access tokens that have expired by then is deleted too. */
  readonly at: number;
  /** Rows that died before this time are deleted. */
  readonly deadBefore: number;
  readonly idleTimeout: number | null;
  readonly limit: number;
}

/** If `visited` equals the limit, there may be more rows. */
export interface PurgeOutcome {
  readonly deleted: number;
  readonly visited: number;
}

/**
 * Where sessions are kept: the port that storage adapters implement. Every method is one atomic step across all processes: of
 * two calls that meet, one comes after the other. When it resolves, its change is stored durably; if that is in doubt, it
 * rejects, and may be called again. The unit of each step, and what it resolves to, is at its method. All times are
 * milliseconds since the epoch. `sessionStoreContract` of `nestjs-session-registry/testing` tests all of it.
 */
export abstract class SessionStore {
  /**
   * Reads the number of the latest cutoff of any user, 0 before the first. Read before a password is checked, it orders that
   * sign-in against every cutoff without a clock.
   */
  abstract currentTicket(): Promise<number>;
  /**
   * Reads the mark that holds for a token of this session, from the primary: the later one of its user and of everybody, or
   * that of the session itself. `NO_CUTOFF` if there is none.
   */
  abstract cutoffOf(key: SessionKey): Promise<CutoffMark>;
  /**
   * Opens a session, ends the one it replaces and those beyond a limit, and stores the companions: all in one step, or nothing.
   * Resolves to what it ended, or to why it refused; a refusal changes nothing. Rejects for a `guid` that is taken.
   */
  abstract open(session: Session, rules: OpenRules): Promise<OpenOutcome>;
  /** Reads what a check needs, from the primary. Resolves to undefined if the user has no such session. */
  abstract check(key: SessionKey): Promise<SessionState | undefined>;
  /** Reads a session, live or ended, from the primary. Resolves to undefined if the user has no such session. */
  abstract find(key: SessionKey): Promise<Session | undefined>;
  /**
   * Reads a page of the user's live sessions, last opened first, or of the ended ones, last ended first, whether or not their
   * end is stored. Sessions that are equal in that order come in descending order of their guids. Resolves to at most
   * `page.limit` sessions.
   */
  abstract list(userId: string, ended: boolean, page: ListPage): Promise<Session[]>;
  /**
   * Compare and swap of one session: resolves to the rotated session, or to undefined if it is not live, `from` is not its
   * live generation, or a cutoff covers it, even one that has not ended its sessions yet. Then it changes nothing.
   */
  abstract rotate(rotation: Rotation): Promise<Session | undefined>;
  /** Records the first use of the live generation `refTokID`. Does nothing if another one replaced it meanwhile. */
  abstract markUsed(key: SessionKey, refTokID: string, at: number): Promise<void>;
  /** Names one session that was not ended. Resolves to false if the user has no such session, or it was ended. */
  abstract rename(key: SessionKey, name: string): Promise<boolean>;
  /**
   * Ends one session, cuts off its access tokens where `cutUntil` says so, and stores the companions: all in one step, or
   * nothing. Resolves to what happened to it. The tokens are cut off even if the session had already ended, but not if the user
   * has no such session.
   */
  abstract end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome>;
  /**
   * Draws the next number, stores it as the cutoff of the user or of everybody, lifts the session to keep above it, and stores
   * the companions: all in one step, or nothing. It holds for sign-ins, renewals and tokens as soon as this resolves, to its
   * mark; `endBatch` ends the sessions it covers.
   */
  abstract cutOff(cutoff: Cutoff): Promise<StoredCutoff>;
  /**
   * Ends at most a few hundred sessions of a walk, each in a step of its own or all in one. Resolves to how many it ended, and
   * where the next batch begins. If it rejects, some may have ended, and it can be called again.
   */
  abstract endBatch(walk: Walk, after?: Place): Promise<BatchOutcome>;
  /**
   * If at most `most` sessions of the user may be live, `keep` among them: reads the most recently active one of the surplus.
   * Resolves to undefined if there is no surplus.
   */
  abstract firstSurplus(
    keep: SessionKey,
    most: number,
    moment: Pick<Ending, 'at' | 'idleBefore'>,
  ): Promise<Activity | undefined>;
  /** Moves "last active" of live sessions forward, each in a step of its own or all in one. Resolves to the number of rows written. */
  abstract touch(touches: readonly Touch[], round: TouchRound): Promise<number>;
  /** Deletes at most a thousand rows of the user, live or ended. Resolves to their number: 0 once none is left. Cutoffs stay. */
  abstract forget(userId: string): Promise<number>;
  /** Deletes at most `limit` rows that are dead. Resolves to how many it deleted, and how many it looked at. */
  abstract purge(round: PurgeRound): Promise<PurgeOutcome>;
}
