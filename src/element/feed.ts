import type { ClientSessions, SessionClient, SessionNews, SignedOutReason } from '../client/session-client.js';
import type { SessionView } from '../wire.js';
import { Board } from './board.js';
import { now } from './now.js';
import { problemOf } from './problem-of.js';
import { Reader } from './reader.js';

const SECOND = 1000;
/** A stream that is back within this time is not treated as lost. */
const GRACE = 2 * SECOND;
/** The age is checked every half minute, so the lists are read again each minute. */
const MOST_AGE = 45 * SECOND;

/** What to show: an outline, an error, the lists, or that the device is signed out. */
export type Phase = 'loading' | 'failed' | 'ready' | 'signed-out';

/** The code that shows what a feed knows. */
export interface FeedHost {
  /** Something has changed. */
  changed(): void;
  /** A device was signed in or out elsewhere. */
  told(view: SessionView, what: 'signedInDevice' | 'signedOutDevice'): void;
}

type ViewNews = Extract<SessionNews, { session: SessionView }>;

/**
 * A client's sessions, kept up to date: read at the start, at each connection and from time to time, with events in
 * between.
 */
export class Feed {
  readonly board = new Board();
  phase: Phase = 'loading';
  /** Whether the lists are shown although they may be out of date, because there is no answer. */
  offline = false;
  /** How many devices are requested; a server returns a thousand at most. */
  limit = 100;
  /** When the lists were last read. */
  knownAt = 0;
  /** Why they could not be read. */
  problem: unknown;
  reason: SignedOutReason = 'unknown';

  readonly #reader: Reader;
  readonly #stops: (() => void)[] = [];
  /** The sessions that are being ended from here; news about them is ignored. */
  readonly #ending = new Set<string>();
  #unwatch?: () => void;
  #streaming = false;
  #grace?: ReturnType<typeof setTimeout>;

  constructor(
    readonly client: SessionClient,
    private readonly host: FeedHost,
  ) {
    this.#reader = new Reader(client.sessions, this.board);
  }

  start(): void {
    this.#stops.push(
      this.client.onSignedOut((reason) => this.#signedOut(reason)),
      this.client.onSignedIn(() => this.#begin()),
    );
    this.#begin();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#rest();
  }

  /** Reads both lists; an error is shown, not thrown. */
  async refresh(): Promise<void> {
    if (this.phase === 'signed-out') return;
    try {
      if (await this.#reader.read(this.limit)) this.#show({ phase: 'ready', offline: false, knownAt: now() });
    } catch (problem) {
      if (problemOf(problem).code === 'signed_out') this.#signedOut('unknown');
      else this.#show(this.phase === 'ready' ? { offline: true } : { phase: 'failed', problem });
    }
  }

  /** Reads the lists if they are old enough. */
  refreshIfOld(): void {
    if (this.offline || !this.#streaming || now() - this.knownAt >= MOST_AGE) void this.refresh();
  }

  /** Shows another page of devices. */
  more(): void {
    this.limit += 100;
    void this.refresh();
  }

  /** Starts again from the outline, after a failure. */
  retry(): void {
    this.#show({ phase: 'loading' });
    void this.refresh();
  }

  /** Renames a device. */
  async rename(guid: string, name: string): Promise<void> {
    const view = await this.client.sessions.rename(guid, name);
    this.#note(() => this.board.put(view));
  }

  /**
   * Ends devices by a call of the client, and returns the message to show. A device that has ended already counts as a
   * success.
   */
  async end<Answer>(
    guids: readonly string[],
    call: (sessions: ClientSessions) => Promise<Answer>,
    done: (answer: Answer) => string,
  ): Promise<string> {
    for (const guid of guids) this.#ending.add(guid);
    try {
      const said = await call(this.client.sessions).then(done, unlessGone);
      this.#note(() => this.board.drop(guids));
      void this.refresh();
      return said;
    } finally {
      for (const guid of guids) this.#ending.delete(guid);
    }
  }

  #begin(): void {
    this.#rest();
    // It may be another user than before.
    this.board.clear();
    this.#show({ phase: 'loading' });
    this.#unwatch = this.client.sessions.watch((news) => this.#hear(news));
    void this.refresh();
  }

  #signedOut(reason: SignedOutReason): void {
    this.#rest();
    this.board.clear();
    this.#show({ phase: 'signed-out', offline: false, reason });
  }

  /** Makes a change, and applies it to pending answers too. */
  #note(apply: () => boolean): boolean {
    const isNews = this.#reader.note(apply);
    this.host.changed();
    return isNews;
  }

  #rest(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#streaming = false;
    clearTimeout(this.#grace);
    this.#reader.forget();
  }

  #hear(news: SessionNews): void {
    switch (news.type) {
      case 'connected':
        clearTimeout(this.#grace);
        this.#streaming = true;
        void this.refresh();
        break;
      case 'disconnected':
        if (this.#streaming) this.#grace = setTimeout(() => this.refresh(), GRACE);
        this.#streaming = false;
        break;
      default:
        this.#take(news);
    }
  }

  #take({ type, session }: ViewNews): void {
    if (type !== 'session.revoked') {
      const isNew = this.#note(() => this.board.put(session)) && type === 'session.opened';
      if (isNew && this.phase === 'ready') this.host.told(session, 'signedInDevice');
    } else if (!session.current && this.#note(() => this.board.end(session))) {
      // Whether this device is signed out is reported by the client: a new sign-in may be on its way.
      if (!this.#ending.has(session.guid)) this.host.told(session, 'signedOutDevice');
    }
  }

  #show(state: Partial<Pick<Feed, 'phase' | 'offline' | 'knownAt' | 'problem' | 'reason'>>): void {
    Object.assign(this, state);
    this.host.changed();
  }
}

function unlessGone(error: unknown): string {
  if (problemOf(error).code !== 'not_found') throw error;
  return '';
}
