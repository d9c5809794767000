import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import { isGeneration, type UserId, userIdOf } from '../id-rules.js';
import type { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { EndedSessionView, EndReason, SessionView } from '../wire.js';
import { type ClientInfo, cleanName, recordedInfo } from './client-info.js';
import type { HonouredObserver } from './honoured-observer.js';
import { newGuid, newRefTokID } from './ids.js';
import { guidOf, keyOf, type NamedSession } from './named-session.js';
import { purgeInBatches } from './purge-batches.js';
import { Renewals } from './renewals.js';
import { accessTokensEnd, endOf, idleBefore, type Session } from './session.js';
import type { SessionResult } from './session-result.js';
import type { Ending, SessionStore } from './session-store.js';
import { endedViews, liveViews, toSessionView } from './session-view.js';
import { TouchBuffer } from './touch-buffer.js';

/** A sign-in to be recorded as a session. */
export interface SignIn extends ClientInfo {
  readonly userId: UserId;
  /** From `ticket()`, drawn before the password was checked. */
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

  constructor(
    private readonly store: SessionStore,
    private readonly options: ResolvedAuthOptions,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
    observer?: HonouredObserver | undefined,
  ) {
    this.#touches = new TouchBuffer(store, options.sessions, clock);
    this.#renewals = new Renewals(store, options.sessions, clock, events, observer);
  }

  /** Orders a sign-in against cutoffs; draw it before you check the password. */
  ticket(): Promise<number> {
    return this.store.currentTicket();
  }

  /** Records a sign-in. Refused with `cut_off` if the user was cut off since the ticket, or `session_limit`. */
  async open(signIn: SignIn): Promise<SessionResult> {
    const session = this.#newSession(signIn);
    const { maxSessions, whenFull } = this.options.sessions;
    const outcome = await this.store.open(session, {
      replaces: guidOf(signIn.replaces),
      maxSessions,
      whenFull,
      idleBefore: idleBefore(session.createdAt, this.options.sessions),
    });
    if (!outcome.opened) return { ok: false, reason: outcome.why === 'full' ? 'session_limit' : 'cut_off' };
    const { userId, guid, createdAt: at } = session;
    for (const replaced of outcome.replaced) this.#tellRevoked({ userId, guid: replaced }, 'replaced', 1);
    for (const evicted of outcome.evicted) this.#tellRevoked({ userId, guid: evicted }, 'evicted', 1);
    this.events.emit('opened', { userId, guid, at });
    return { ok: true, session, replayed: false };
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

  /** The user's live sessions, current first, then last active first. */
  async list(userId: UserId, options: { current?: string } = {}): Promise<SessionView[]> {
    const sessions = await this.store.list(userIdOf(userId), false);
    return liveViews(sessions, this.clock.now(), this.options.sessions, options.current);
  }

  /** The user's sessions that ended and were not purged yet, last ended first. */
  async listEnded(userId: UserId): Promise<EndedSessionView[]> {
    const id = userIdOf(userId);
    const [ended, others] = await Promise.all([this.store.list(id, true), this.store.list(id, false)]);
    return endedViews([...ended, ...others], this.clock.now(), this.options.sessions);
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
    if (!(await this.store.end(key, { ...ending, cutUntil }))) return (await this.store.find(key)) !== undefined;
    this.#tellRevoked(key, reason, 1);
    return true;
  }

  /** Ends every session of the user but the one named; resolves to their number. */
  revokeOthers(userId: UserId, keep: string): Promise<number> {
    return this.#cutOff(userId, 'revoked', keep);
  }

  /** Ends every session of the user, with sign-ins under way; resolves to their number. */
  revokeAll(userId: UserId, reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#cutOff(userId, reason);
  }

  /**
   * For the day a key leaked, once it is changed: ends every session of every user, with sign-ins under way. Sessions
   * are ended in batches; it resolves to their number once all of them are over. Call it again where it rejects.
   */
  revokeEverybody(reason: EndReason = 'revoked_all'): Promise<number> {
    return this.#cutOffAll(null, reason);
  }

  /** After a change of password: ends every session of the user but `keep` (ASVS 7.4.3). */
  credentialsChanged(userId: UserId, options: { keep?: string } = {}): Promise<number> {
    return this.#cutOff(userId, 'credentials_changed', options.keep);
  }

  /** For a user who is deleted: ends every session of theirs and deletes all that is kept of them, at once. */
  async forget(userId: UserId): Promise<number> {
    const id = userIdOf(userId);
    await this.#cutOff(id, 'user_disabled');
    return this.store.forget(id);
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
    return this.#cutOffAll(userIdOf(userId), reason, guidOf(keep));
  }

  async #cutOffAll(userId: string | null, reason: EndReason, keep?: string): Promise<number> {
    const count = await this.store.cutOff({ userId, keep, ...this.#ending(reason) });
    const who = userId === null ? {} : { userId };
    if (count > 0) this.#tellRevoked({ ...who, ...(keep && { except: keep }) }, reason, count);
    return count;
  }

  #recorded(client: ClientInfo): ClientInfo {
    return recordedInfo(client, this.options.record);
  }

  #newSession({ userId, ticket, deviceName, ...client }: SignIn): Session {
    const { userAgent, ip } = this.#recorded(client);
    const at = this.clock.now();
    const { absoluteTimeout, idleTimeout } = this.options.sessions;
    return {
      ...{
        guid: newGuid(),
        userId: userIdOf(userId),
        refTokID: newRefTokID(),
        predecessor: null,
        rotatedAt: null,
        usedAt: null,
      },
      ...{ ticket, name: cleanName(deviceName), userAgent, ip, createdAt: at, lastActiveAt: at },
      ...{ expiresAt: at + absoluteTimeout, endedAt: null, endReason: null },
      purgeAt: at + Math.min(absoluteTimeout, idleTimeout ?? absoluteTimeout),
    };
  }

  #ending(reason: EndReason): Ending {
    const at = this.clock.now();
    return { reason, at, idleBefore: idleBefore(at, this.options.sessions) };
  }

  #tellRevoked(what: { userId?: string; guid?: string; except?: string }, reason: EndReason, count: number): void {
    this.events.emit('revoked', { ...what, reason, count, at: this.clock.now() });
  }
}
