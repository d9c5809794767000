import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import { isGeneration, type UserId, userIdOf } from '../id-rules.js';
import type { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { EndedSessionView, EndReason, SessionView } from '../wire.js';
import { type ClientInfo, cleanName, recordedInfo } from './client-info.js';
import type { HonouredObserver } from './honoured-observer.js';
import { MassEnds } from './mass-ends.js';
import { guidOf, keyOf, type NamedSession } from './named-session.js';
import { newSession } from './new-session.js';
import type { PageOptions } from './paging.js';
import { purgeInBatches } from './purge-batches.js';
import { Renewals } from './renewals.js';
import { accessTokensEnd, endOf, idleBefore } from './session.js';
import type { SessionResult } from './session-result.js';
import type { Ending, SessionKey, SessionStore } from './session-store.js';
import { type ListOptions, SessionLists, type SessionPage } from './session-lists.js';
import { toSessionView } from './session-view.js';
import { TouchBuffer } from './touch-buffer.js';

/**
 * Live sessions a user may have where the app says nothing of it. No person has so many devices, and a script that signs in
 * again and again in place of renewing is kept from making lists and sign-outs slow.
 */
const BOUND = 1_000;

/** A sign-in to be recorded as a session. */
export interface SignIn extends ClientInfo {
  readonly userId: UserId;
  /** From `currentTicket()`, drawn before the password was checked. */
  readonly ticket: number;
  readonly deviceName?: string | null | undefined;
  /** The guid of the session this device had until now; it ends as `replaced`. */
  readonly replaces?: string | undefined;
}

/** What ending one session may take with it. */
export interface RevokeOptions {
  /**
   * Whether access tokens that are out die at once under the check `validTokenFrom` too, which otherwise lets those of
   * a single device live to their end.
   * @default false
   */
  readonly accessTokens?: boolean;
}

/**
 * The sessions of all users: every verb of the domain. Knows no token, no HTTP and no SQL. A verb that is given anything
 * but a user id throws a TypeError and asks nothing; a `guid` that has not the form of one is an unknown one.
 */
export class SessionRegistry {
  readonly #touches: TouchBuffer;
  readonly #renewals: Renewals;
  readonly #lists: SessionLists;
  readonly #massEnds: MassEnds;

  constructor(
    private readonly store: SessionStore,
    private readonly options: ResolvedAuthOptions,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
    observer?: HonouredObserver | undefined,
  ) {
    this.#touches = new TouchBuffer(store, options.sessions, clock);
    this.#renewals = new Renewals(store, options.sessions, clock, events, observer);
    this.#lists = new SessionLists(store, options.sessions, clock);
    this.#massEnds = new MassEnds(store, options.sessions, clock, events);
  }

  /** Orders a sign-in against cutoffs; draw it before you check the password. */
  currentTicket(): Promise<number> {
    return this.store.currentTicket();
  }

  /** Records a sign-in. Refused with `cut_off` if the user was cut off since the ticket, or `session_limit`. */
  async open(signIn: SignIn): Promise<SessionResult> {
    const session = newSession({ ...signIn, ...this.#recorded(signIn) }, this.clock.now(), this.options.sessions);
    const { maxSessions, whenFull } = this.options.sessions;
    const outcome = await this.store.open(session, {
      replaces: guidOf(signIn.replaces),
      maxSessions,
      bound: BOUND,
      whenFull,
      idleBefore: idleBefore(session.createdAt, this.options.sessions),
    });
    if (!outcome.opened) return { ok: false, reason: outcome.why === 'full' ? 'session_limit' : 'cut_off' };
    const { userId, guid, createdAt: at } = session;
    for (const replaced of outcome.replaced) this.#tellRevoked({ userId, guid: replaced }, 'replaced', 1);
    for (const evicted of outcome.evicted) this.#tellRevoked({ userId, guid: evicted }, 'evicted', 1);
    // The sign-in is stored whatever becomes of the rest, which goes on.
    if (outcome.crowded) await this.#massEnds.evict(session, maxSessions ?? BOUND).catch(() => {});
    if (maxSessions === null && outcome.evicted.length > 0) this.events.emit('crowded', { userId, limit: BOUND, at });
    this.events.emit('opened', { userId, guid, at });
    return { ok: true, session, repeated: false };
  }

  /**
   * Exchanges the token generation `from` for its successor: exactly one, however many ask at once. An honoured
   * predecessor gets the same successor again; anything older ends the session (RFC 9700 section 4.14.2).
   */
  async renew(session: NamedSession, from: string, client: ClientInfo): Promise<SessionResult> {
    const key = keyOf(session);
    if (!key) return { ok: false, reason: 'session_unknown' };
    if (!isGeneration(from)) return { ok: false, reason: 'superseded' };
    return this.#renewals.renew(key, from, this.#recorded(client));
  }

  /** A page of the user's live sessions, current first, then last active first: the first 100 where nothing else is said. */
  async list(userId: UserId, options: ListOptions = {}): Promise<SessionView[]> {
    return (await this.listPage(userId, options)).sessions;
  }

  /**
   * The same with the cursor of the next page. Pages follow each other by the time of sign-in, the latest first, so that
   * what is used meanwhile does not move between them; `current` is on the first. Throws AuthError `invalid_request` for a
   * limit or a cursor that is none.
   */
  listPage(userId: UserId, options: ListOptions = {}): Promise<SessionPage<SessionView>> {
    return this.#lists.live(userIdOf(userId), options);
  }

  /** A page of the user's sessions that ended and were not purged yet, last ended first: the first 100 where nothing else is said. */
  async listEnded(userId: UserId, options: PageOptions = {}): Promise<EndedSessionView[]> {
    return (await this.listEndedPage(userId, options)).sessions;
  }

  /** The same with the cursor of the next page. Throws AuthError `invalid_request` for a limit or a cursor that is none. */
  listEndedPage(userId: UserId, options: PageOptions = {}): Promise<SessionPage<EndedSessionView>> {
    return this.#lists.ended(userIdOf(userId), options);
  }

  /** Names a live session; undefined when the user has no such session, or nothing is left of the name. */
  async rename(userId: UserId, guid: string, name: string, current?: string): Promise<SessionView | undefined> {
    const key = keyOf({ userId, guid });
    if (!key) return undefined;
    const [clean, session] = [cleanName(name), await this.store.find(key)];
    if (clean === null || !session || endOf(session, this.clock.now(), this.options.sessions)) return undefined;
    if (!(await this.store.rename(key, clean))) return undefined;
    this.events.emit('renamed', { ...key, at: this.clock.now() });
    return toSessionView({ ...session, name: clean }, current);
  }

  /** Ends one session. True when it is over now, also if it was before; false when the user has no such session. */
  async revoke(
    userId: UserId,
    guid: string,
    reason: EndReason = 'revoked',
    options: RevokeOptions = {},
  ): Promise<boolean> {
    const key = keyOf({ userId, guid });
    if (!key) return false;
    const ending = this.#ending(reason);
    const cutUntil = options.accessTokens ? accessTokensEnd(ending.at, this.options.tokens.accessTtl) : undefined;
    const outcome = await this.store.end(key, { ...ending, cutUntil });
    if (outcome === 'ended') this.#tellRevoked(key, reason, 1);
    return outcome !== 'unknown';
  }

  /**
   * Ends every session of the user but the one named; resolves to their number once the last end is stored. As all verbs that
   * end many: the cutoff holds at once, ends follow in batches, and where it rejects they go on by themselves.
   */
  revokeOthers(userId: UserId, keep: string): Promise<number> {
    return this.#cutOff(userId, 'revoked', keep);
  }

  /** Ends every session of the user, with sign-ins under way; resolves to their number. */
  revokeAll(userId: UserId, reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#cutOff(userId, reason);
  }

  /**
   * For the day a key leaked, once it is changed: ends every session of every user, with sign-ins under way. Sessions
   * are ended in batches; it resolves to their number once all of them are over. Where it rejects they go on by themselves,
   * unless the process ends: call it again then.
   */
  revokeEverybody(reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#massEnds.cutOff(null, reason);
  }

  /** After a change of password: ends every session of the user but `keep` (ASVS 7.4.3). */
  credentialsChanged(userId: UserId, options: { keep?: string } = {}): Promise<number> {
    return this.#cutOff(userId, 'credentials_changed', options.keep);
  }

  /** For a user who is deleted: ends every session of theirs and deletes all that is kept of them, at once. */
  async forget(userId: UserId): Promise<number> {
    const id = userIdOf(userId);
    await this.#cutOff(id, 'user_disabled');
    let count = 0;
    for (let deleted = await this.store.forget(id); deleted > 0; deleted = await this.store.forget(id))
      count += deleted;
    return count;
  }

  /** Whether `touch` would note anything: so that only then somebody asks who the client is. */
  isTouchDue(session: NamedSession, lastActiveAt: number): boolean {
    return this.#touches.isDue(session, lastActiveAt);
  }

  /** Notes that a session was used; written later, at most once in a `touchInterval`. */
  touch(session: NamedSession, lastActiveAt: number, client: ClientInfo): void {
    const key = keyOf(session);
    if (key && this.#touches.isDue(key, lastActiveAt)) this.#touches.note(key, this.#recorded(client));
  }

  /** Writes what `touch` noted, now; resolves to the number of rows written. */
  flushTouches(): Promise<number> {
    return this.#touches.flush();
  }

  /** Ends what is under way after its batch; for the end of a process. */
  stop(): Promise<void> {
    return this.#massEnds.stop();
  }

  /**
   * Deletes rows dead for longer than the retention, in bounded batches with rests between; resolves to their number. An
   * aborted signal ends it after the batch under way.
   */
  async purge({ signal }: { readonly signal?: AbortSignal } = {}): Promise<number> {
    const { batch: limit, retention } = this.options.purge;
    const at = this.clock.now();
    const round = { at, deadBefore: at - retention, idleTimeout: this.options.sessions.idleTimeout, limit };
    const count = await purgeInBatches(this.store, round, signal);
    if (count > 0) this.events.emit('purged', { count, at });
    return count;
  }

  /** A user id that is missing must not be taken for everybody. */
  async #cutOff(userId: UserId, reason: EndReason, keep?: string): Promise<number> {
    return this.#massEnds.cutOff(userIdOf(userId), reason, guidOf(keep));
  }

  #recorded(client: ClientInfo): ClientInfo {
    return recordedInfo(client, this.options.record);
  }

  #ending(reason: EndReason): Ending {
    const at = this.clock.now();
    return { reason, at, idleBefore: idleBefore(at, this.options.sessions) };
  }

  #tellRevoked(what: SessionKey, reason: EndReason, count: number): void {
    this.events.emit('revoked', { ...what, reason, count, at: this.clock.now() });
  }
}
