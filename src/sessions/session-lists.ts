import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import type { EndedSessionView, SessionView } from '../wire.js';
import { cursorOf, type PageOptions, readPage } from './paging.js';
import { endOf, idleBefore, type Session } from './session.js';
import type { ListPage, SessionStore } from './session-store.js';
import { endedViews, liveViews } from './session-view.js';

/** Which page of the live sessions to return, and who asks. */
export interface ListOptions extends PageOptions {
  /** The guid of the session that asks. It is always on the first page. */
  readonly current?: string | undefined;
}

/** A page of a list. */
export interface SessionPage<View> {
  readonly sessions: View[];
  /** The cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
}

/** The lists of a user's sessions, page by page. */
export class SessionLists {
  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {}

  /** See `SessionRegistry.listPage`. */
  async live(userId: string, { current, ...options }: ListOptions): Promise<SessionPage<SessionView>> {
    const { limit, after } = readPage(options, 'live');
    const moment = this.#moment();
    // One more because the current session is taken out below, and one more to see whether there is a next page.
    const [found, alone] = await Promise.all([
      this.store.list(userId, false, { ...moment, limit: limit + 2, after }),
      after === undefined ? this.#own(userId, current, moment.at) : undefined,
    ]);
    // The store may say more about a session in a list, such as a suspicion, than about one read alone.
    const own = alone && (found.find(({ guid }) => guid === current) ?? alone);
    const others = found.filter(({ guid }) => guid !== current);
    const shown = others.slice(0, own ? limit - 1 : limit);
    const isMore = others.length > shown.length;
    const sessions = liveViews(own ? [own, ...shown] : shown, moment.at, this.limits, current);
    // With limit 1 the first page shows only the current session, and the next begins with the first of the others.
    const last = shown.at(-1) ?? (own && BEFORE_ALL);
    return { sessions, next: isMore && last ? cursorOf(last) : undefined };
  }

  /** See `SessionRegistry.listEndedPage`. */
  async ended(userId: string, options: PageOptions): Promise<SessionPage<EndedSessionView>> {
    const { limit, after } = readPage(options, 'ended');
    const moment = this.#moment();
    const found = await this.store.list(userId, true, { ...moment, limit: limit + 1, after });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const end = last && endOf(last, moment.at, this.limits);
    const next = found.length > limit && last && end ? cursorOf(last, end.endedAt) : undefined;
    return { sessions: endedViews(shown, moment.at, this.limits), next };
  }

  async #own(userId: string, guid: string | undefined, at: number): Promise<Session | undefined> {
    if (guid === undefined) return undefined;
    const session = await this.store.find({ userId, guid });
    return session && endOf(session, at, this.limits) === null ? session : undefined;
  }

  #moment(): Pick<ListPage, 'at' | 'idleBefore'> {
    const at = this.clock.now();
    return { at, idleBefore: idleBefore(at, this.limits) };
  }
}

/** A place before every possible session. */
const BEFORE_ALL = { createdAt: Number.MAX_SAFE_INTEGER, guid: 'g' };
