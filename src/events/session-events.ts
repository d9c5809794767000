import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuthErrorCode, RefusalReason } from '../errors.js';
import type { EndReason } from '../wire.js';

/**
 * The client that sent the request, as far as `recordUserAgent` and `recordIp` allow it to be stored; null for the
 * rest.
 */
export interface EventClient {
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** What happened to a session. Events carry no token and no `refTokID`; they are sent after the change is stored. */
export interface SessionEventMap {
  /** A user signed in on a device. */
  opened: { userId: string; guid: string; at: number };
  /** A refresh token was exchanged and the session rotated. */
  renewed: { userId: string; guid: string; client: EventClient; at: number };
  /**
   * `client` presented the previous refresh token and it was accepted: a lost answer, a second tab, or a thief who is
   * quick enough.
   */
  repeated: { userId: string; guid: string; client: EventClient; at: number };
  /**
   * Two clients use a session in turn, as a thief with a copy and its owner would; the session continues. They differ
   * in `evidence`; the first rotated it last, the other presented the previous refresh token. Sent once while they
   * continue.
   */
  suspected: {
    userId: string;
    guid: string;
    evidence: 'devices' | 'networks';
    clients: readonly [EventClient, EventClient];
    at: number;
  };
  /** A session was renamed. */
  renamed: { userId: string; guid: string; at: number };
  /** `client` presented an old refresh token; its session has been ended (RFC 9700 section 4.14.2). */
  reused: { userId: string; guid: string; client: EventClient; at: number };
  /**
   * Sessions were ended: the one named `guid`, all of the user except `except`, those of everybody if there is no
   * `userId`, or, if the reason is `evicted` and there is no `guid`, the `count` least recently active sessions of the
   * user.
   */
  revoked: {
    userId?: string;
    guid?: string;
    except?: string;
    reason: EndReason;
    count: number;
    at: number;
  };
  /**
   * A sign-in of a user with `limit` live sessions, the limit that applies without `maxSessions`: the least recently
   * active ended.
   */
  crowded: { userId: string; limit: number; at: number };
  /**
   * A request was refused over HTTP: what its client was told, and why. Contains the session if a verified token named
   * it (ASVS 16.3.1, 16.3.2).
   */
  refused: { code: AuthErrorCode; reason: RefusalReason; userId?: string; guid?: string; at: number };
  /** Rows of ended sessions were deleted. */
  purged: { count: number; at: number };
}

/** The name of a session event. */
export type SessionEventName = keyof SessionEventMap;
/** Listens to one kind of event; its result is not awaited, except with `serverless`. */
export type SessionListener<N extends SessionEventName> = (event: SessionEventMap[N]) => unknown;
type AnyListener = (event: unknown) => unknown;

/** The bus of session events. A listener that throws or rejects changes no verdict; `onFailure` is called. */
export class SessionEvents {
  readonly #listeners = new Map<SessionEventName, Set<AnyListener>>();
  /** The listeners that each piece of work waits for; a listener may do a piece of work itself. */
  readonly #heard = new AsyncLocalStorage<Promise<unknown>[]>();

  constructor(private readonly onFailure: (name: SessionEventName, error: unknown) => void = () => {}) {}

  /** Listens to one kind of event; the returned function stops it. */
  on<N extends SessionEventName>(name: N, listener: SessionListener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener as AnyListener));
    return () => void listeners.delete(listener as AnyListener);
  }

  /** Calls every listener in the order they were added; never throws and never waits. */
  emit<N extends SessionEventName>(name: N, event: SessionEventMap[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) this.#tell(name, listener, event);
  }

  /** Settles like `work`, once the listeners of every event that it emits are done. */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    const heard: Promise<unknown>[] = [];
    try {
      return await this.#heard.run(heard, work);
    } finally {
      await Promise.all(heard);
    }
  }

  #tell(name: SessionEventName, listener: AnyListener, event: unknown): void {
    try {
      const done = Promise.resolve(listener(event)).catch((error: unknown) => this.onFailure(name, error));
      this.#heard.getStore()?.push(done);
    } catch (error) {
      this.onFailure(name, error);
    }
  }
}
