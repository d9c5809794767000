import type { AuthErrorCode, RefusalReason } from '../errors.js';
import type { EndReason } from '../wire.js';

/** Who asked, as far as `recordUserAgent` and `recordIp` let it be kept; null for the rest. */
export interface EventClient {
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** What happened to a session. Events carry no token and no `refTokID`; they are sent after the fact is stored. */
export interface SessionEventMap {
  /** A user signed in on a device. */
  opened: { userId: string; guid: string; at: number };
  /** A refresh token was exchanged and the session rotated. */
  renewed: { userId: string; guid: string; client: EventClient; at: number };
  /** `client` presented the predecessor and was honoured: a lost answer, a second tab, or a thief in time. */
  repeated: { userId: string; guid: string; client: EventClient; at: number };
  /**
   * Two clients use a session in turn, as a thief with a copy and its owner would; it goes on. They differ in
   * `evidence`; the first rotated it last, the other presented the predecessor. Told once while they go on.
   */
  suspected: {
    userId: string;
    guid: string;
    evidence: 'devices' | 'networks';
    clients: readonly [EventClient, EventClient];
    at: number;
  };
  /** A session got another name. */
  renamed: { userId: string; guid: string; at: number };
  /** `client` presented an old refresh token; its session has been ended (RFC 9700 section 4.14.2). */
  reused: { userId: string; guid: string; client: EventClient; at: number };
  /**
   * Sessions were ended: the one named `guid`, all of the user but `except`, those of everybody without `userId`, or, where
   * the reason is `evicted` and there is no `guid`, the `count` of the user that were active least recently.
   */
  revoked: {
    userId?: string;
    guid?: string;
    except?: string;
    reason: EndReason;
    count: number;
    at: number;
  };
  /** A sign-in of a user who had `limit` live sessions, the bound where there is no `maxSessions`: the least recently active ended. */
  crowded: { userId: string; limit: number; at: number };
  /**
   * A request was refused over HTTP: what its client was told, and why. The session is named where a verified token
   * named it (ASVS 16.3.1, 16.3.2).
   */
  refused: { code: AuthErrorCode; reason: RefusalReason; userId?: string; guid?: string; at: number };
  /** Rows of dead sessions were deleted. */
  purged: { count: number; at: number };
}

/** The name of a session event. */
export type SessionEventName = keyof SessionEventMap;
/** Hears one kind of event; what it returns is not waited for. */
export type SessionListener<N extends SessionEventName> = (event: SessionEventMap[N]) => unknown;
type AnyListener = (event: unknown) => unknown;

/** The bus of session events. A listener that throws or rejects changes no verdict; `onFailure` is told. */
export class SessionEvents {
  readonly #listeners = new Map<SessionEventName, Set<AnyListener>>();

  constructor(private readonly onFailure: (name: SessionEventName, error: unknown) => void = () => {}) {}

  /** Listens to one kind of event; the function returned stops it. */
  on<N extends SessionEventName>(name: N, listener: SessionListener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener as AnyListener));
    return () => void listeners.delete(listener as AnyListener);
  }

  /** Tells every listener, in the order they came; never throws and never waits. */
  emit<N extends SessionEventName>(name: N, event: SessionEventMap[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) this.#tell(name, listener, event);
  }

  #tell(name: SessionEventName, listener: AnyListener, event: unknown): void {
    try {
      Promise.resolve(listener(event)).catch((error: unknown) => this.onFailure(name, error));
    } catch (error) {
      this.onFailure(name, error);
    }
  }
}
