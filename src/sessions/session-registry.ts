import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import { isGeneration, type UserId, userIdOf } from '../id-rules.js';
import type { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { EndedSessionView, EndReason, SessionView } from '../wire.js';
import { type ClientInfo, cleanName, recordedInfo } from './client-info.js';
import type { CredentialsChange } from './credentials-change.js';
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
 * How many live sessions a user may have without `maxSessions`. No person has so many devices, and a script that signs in
 * again and again instead of renewing cannot make lists and sign-outs slow.
 */
const BOUND = 1_000;

/** A sign-in to record as a session. */
export interface SignIn extends ClientInfo {
  readonly userId: UserId;
  /** From `currentTicket()`, called before the password was checked. */
  readonly ticket: number;
  readonly deviceName?: string | null | undefined;
  /** The guid of the session that this device had before. It ends with the reason `replaced`. */
  readonly replaces?: string | undefined;
}

/** What to end together with one session. */
export interface RevokeOptions {
  /**
   * Whether the check `validTokenFrom` also refuses the issued access tokens at once. Otherwise it accepts those of a
   * single ended device until they expire.
   * @default false
   */
  readonly accessTokens?: boolean;
}

/**
 * The sessions of all users, and everything that can be done with them. Knows nothing about tokens, HTTP or SQL. An invalid
 * user id throws a TypeError before anything is read or written; a malformed `guid` counts as an unknown session.
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
    protected readonly events: SessionEvents,
    observer?: HonouredObserver | undefined,
  ) {
    this.#touches = new TouchBuffer(store, options.sessions, clock, options.serverless);
    this.#renewals = new Renewals(store, options.sessions, clock, events, observer);
    this.#lists = new SessionLists(store, options.sessions, clock);
    this.#massEnds = new MassEnds(store, options.sessions, clock, events);
  }

  /** Orders a sign-in against cutoffs. Call it before you check the password. */
  currentTicket(): Promise<number> {
    return this.store.currentTicket();
  }

  /** Records a sign-in. Refused with `cut_off` if the user was cut off after the ticket was drawn, or with `session_limit`. */
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
    // The sign-in is stored even if evicting fails; evicting then goes on in the background.
    if (outcome.crowded) await this.#massEnds.evict(session, maxSessions ?? BOUND).catch(() => {});
    if (maxSessions === null && outcome.evicted.length > 0) this.events.emit('crowded', { userId, limit: BOUND, at });
    this.events.emit('opened', { userId, guid, at });
    return { ok: true, session, repeated: false };
  }

  /**
   * Exchanges the token generation `from` for its successor. There is exactly one successor, however many requests come at
   * once. A predecessor that is still accepted gets it again; anything older ends the session (RFC 9700 section 4.14.2).
   */
  async renew(session: NamedSession, from: string, client: ClientInfo): Promise<SessionResult> {
    const key = keyOf(session);
    if (!key) return { ok: false, reason: 'session_unknown' };
    if (!isGeneration(from)) return { ok: false, reason: 'superseded' };
    return this.#renewals.renew(key, from, this.#recorded(client));
  }

  /** A page of the user's live sessions, current first, then the most recently active. By default the first 100. */
  async list(userId: UserId, options: ListOptions = {}): Promise<SessionView[]> {
    return (await this.listPage(userId, options)).sessions;
  }

  /**
   * Like `list`, with the cursor of the next page. Pages follow the time of sign-in, the latest first, so that a session
   * that is used meanwhile does not move from one to another; `current` is on the first page. Throws AuthError
   * `invalid_request` for an invalid limit or cursor.
   */
  listPage(userId: UserId, options: ListOptions = {}): Promise<SessionPage<SessionView>> {
    return this.#lists.live(userIdOf(userId), options);
  }

  /** A page of the user's sessions that ended and are not purged yet, last ended first. By default the first 100. */
  async listEnded(userId: UserId, options: PageOptions = {}): Promise<EndedSessionView[]> {
    return (await this.listEndedPage(userId, options)).sessions;
  }

  /** Like `listEnded`, with the cursor of the next page. Throws AuthError `invalid_request` for an invalid limit or cursor. */
  listEndedPage(userId: UserId, options: PageOptions = {}): Promise<SessionPage<EndedSessionView>> {
    return this.#lists.ended(userIdOf(userId), options);
  }

  /** Names a live session. Undefined if the user has no such live session, or if nothing visible is left of the name. */
  async rename(userId: UserId, guid: string, name: string, current?: string): Promise<SessionView | undefined> {
    const key = keyOf({ userId, guid });
    if (!key) return undefined;
    const [clean, session] = [cleanName(name), await this.store.find(key)];
    if (clean === null || !session || endOf(session, this.clock.now(), this.options.sessions)) return undefined;
    if (!(await this.store.rename(key, clean))) return undefined;
    this.events.emit('renamed', { ...key, at: this.clock.now() });
    return toSessionView({ ...session, name: clean }, current);
  }

  /** Ends one session. True if it is over now, even if it was before; false if the user has no such session. */
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
   * Ends every session of the user except `keep`. Resolves to their number, once the last end is stored. As with every method
   * that ends many: the cutoff holds at once, the ends follow in batches, and if it rejects they go on in the background.
   */
  revokeOthers(userId: UserId, keep: string): Promise<number> {
    return this.#cutOff(userId, 'revoked', { keep });
  }

  /** Ends every session of the user, and refuses sign-ins under way. Resolves to the number of sessions. */
  revokeAll(userId: UserId, reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#cutOff(userId, reason);
  }

  /**
   * Ends every session of every user, and refuses sign-ins under way: for example after a key leaked, once it is replaced.
   * Ends the sessions in batches, and resolves to their number once all are over. If it rejects, the batches go on in the
   * background, unless the process ends: then call it again.
   */
  revokeEverybody(reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#massEnds.cutOff(null, reason);
  }

  /** Call this after a change of password, or let `companion` make it: ends all sessions except `keep` (ASVS 7.4.3). */
  credentialsChanged(userId: UserId, change: CredentialsChange = {}): Promise<number> {
    return this.#cutOff(userId, 'credentials_changed', change);
  }

  /** Call this when you delete a user: ends their sessions and deletes all stored rows. Resolves to their number. */
  async forget(userId: UserId): Promise<number> {
    const id = userIdOf(userId);
    await this.#cutOff(id, 'user_disabled');
    let count = 0;
    for (let deleted = await this.store.forget(id); deleted > 0; deleted = await this.store.forget(id))
      count += deleted;
    return count;
  }

  /** Whether `touch` would record anything. Ask first if it costs something to find out who the client is. */
  isTouchDue(session: NamedSession, lastActiveAt: number): boolean {
    return this.#touches.isDue(session, lastActiveAt);
  }

  /** Records that a session was used, at most once per `touchInterval`. Written later; with `serverless` when it resolves. */
  async touch(session: NamedSession, lastActiveAt: number, client: ClientInfo): Promise<void> {
    const key = keyOf(session);
    if (key && this.#touches.isDue(key, lastActiveAt)) await this.#touches.note(key, this.#recorded(client));
  }

  /** Writes at once what `touch` recorded. Resolves to the number of rows written. */
  flushTouches(): Promise<number> {
    return this.#touches.flush();
  }

  /** Stops work under way after its current batch. Called when the process ends. */
  stop(): Promise<void> {
    return this.#massEnds.stop();
  }

  /**
   * Deletes rows that have been dead for longer than the retention, in bounded batches with rests between them. Resolves to
   * their number. An aborted signal stops it after the current batch.
   */
  async purge({ signal }: { readonly signal?: AbortSignal } = {}): Promise<number> {
    const { batch: limit, retention } = this.options.purge;
    const at = this.clock.now();
    const round = { at, deadBefore: at - retention, idleTimeout: this.options.sessions.idleTimeout, limit };
    const count = await purgeInBatches(this.store, round, signal);
    if (count > 0) this.events.emit('purged', { count, at });
    return count;
  }

  /** `userIdOf` throws for a missing user id, which must never mean everybody. */
  async #cutOff(userId: UserId, reason: EndReason, change: CredentialsChange = {}): Promise<number> {
    return this.#massEnds.cutOff(userIdOf(userId), reason, { ...change, keep: guidOf(change.keep) });
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
