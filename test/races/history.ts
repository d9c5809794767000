/** A stretch of time, from before a request was sent to after its answer was read; by one clock. */
export interface Span {
  start: number;
  end: number;
}

/** A sign-in that was answered with tokens. */
export interface Opened extends Span {
  guid: string;
  userId: string;
}

/** A request that was let in with some token of a session: a call, or a renewal. */
export interface Accepted extends Span {
  guid: string;
  what: 'call' | 'renewal';
}

/** A revoke that was acknowledged. */
export interface Revoked extends Span {
  userId: string;
  kind: 'one' | 'others' | 'all';
  /** The session ended, of kind 'one', or the one kept, of kind 'others'. */
  guid?: string | undefined;
}

/** A refresh token that was exchanged: from one generation to the next. */
export interface Exchanged {
  guid: string;
  from: string;
  to: string;
}

/** What clients saw, to be held against the rules afterwards. */
export class History {
  readonly opened = new Map<string, Opened>();
  readonly accepted: Accepted[] = [];
  readonly revoked: Revoked[] = [];
  readonly exchanged: Exchanged[] = [];

  /** Accepted requests that started after the acknowledgement of a revoke that covers their session. */
  lateAcceptances(): string[] {
    const deadline = new Map([...this.opened.values()].map((session) => [session.guid, this.#deadSince(session)]));
    return this.accepted
      .filter(({ guid, start }) => start > (deadline.get(guid) ?? Number.POSITIVE_INFINITY))
      .map(
        ({ guid, what, start }) =>
          `a ${what} of ${guid} was accepted ${start - (deadline.get(guid) ?? 0)} ms after its end`,
      );
  }

  /** Refresh tokens that two different successors came of. */
  forks(): string[] {
    const successors = new Map<string, Set<string>>();
    for (const { guid, from, to } of this.exchanged) {
      const key = `${guid} ${from}`;
      successors.set(key, (successors.get(key) ?? new Set()).add(to));
    }
    return [...successors].filter(([, all]) => all.size > 1).map(([key, all]) => `${key} has ${all.size} successors`);
  }

  /** Sessions that no revoke can have ended: they have to be alive. */
  untouched(): string[] {
    return [...this.opened.values()]
      .filter((session) => !this.revoked.some((revoke) => mayEnd(revoke, session)))
      .map(({ guid }) => guid);
  }

  #deadSince(session: Opened): number {
    return Math.min(...this.revoked.filter((revoke) => ends(revoke, session)).map(({ end }) => end));
  }
}

/** Whether the revoke certainly ended the session: one that was open before it began. */
function ends(revoke: Revoked, session: Opened): boolean {
  return session.end < revoke.start && names(revoke, session);
}

/** Whether the revoke may have ended the session: all but those opened after its acknowledgement. */
function mayEnd(revoke: Revoked, session: Opened): boolean {
  return session.start <= revoke.end && names(revoke, session);
}

function names({ kind, userId, guid }: Revoked, session: Opened): boolean {
  if (kind === 'one') return guid === session.guid;
  return userId === session.userId && guid !== session.guid;
}
