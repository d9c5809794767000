import type { EndedSessionView, SessionView } from '../wire.js';

/** The live and the recently ended sessions, as last known. What is over stays over, whatever a later word says. */
export class Board {
  live: readonly SessionView[] = [];
  ended: readonly EndedSessionView[] = [];
  readonly #over = new Set<string>();

  /** Takes the server's answer for both. */
  replace(live: readonly SessionView[], ended: readonly EndedSessionView[]): void {
    for (const { guid } of ended) this.#over.add(guid);
    this.ended = ended;
    this.live = currentFirst(live.filter(({ guid }) => !this.#over.has(guid)));
  }

  /** Takes a session as it is now: in its place, or as the one active last. True for one that was not there. */
  put(view: SessionView): boolean {
    if (this.#over.has(view.guid)) return false;
    const isNew = !this.live.some(({ guid }) => guid === view.guid);
    this.live = isNew
      ? currentFirst([view, ...this.live])
      : this.live.map((other) => (other.guid === view.guid ? view : other));
    return isNew;
  }

  /** Takes a session's end. True for one that was live until now. */
  end(view: EndedSessionView): boolean {
    this.ended = [view, ...this.ended.filter(({ guid }) => guid !== view.guid)];
    return this.drop([view.guid]);
  }

  /** Takes sessions away whose end is known and not yet told. True when there was one. */
  drop(guids: readonly string[]): boolean {
    for (const guid of guids) this.#over.add(guid);
    const { length } = this.live;
    this.live = this.live.filter(({ guid }) => !guids.includes(guid));
    return this.live.length < length;
  }

  /** Forgets all; the next sign-in may be another user's. */
  clear(): void {
    this.live = [];
    this.ended = [];
    this.#over.clear();
  }
}

function currentFirst(views: readonly SessionView[]): SessionView[] {
  return views.toSorted((one, other) => Number(other.current) - Number(one.current));
}
