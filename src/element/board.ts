import type { EndedSessionView, SessionView } from '../wire.js';

/** The live and the recently ended sessions, as last known. An ended session stays ended, whatever later news says. */
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

  /** Updates a session: in its place, or as the most recently active one. True if it was not there. */
  put(view: SessionView): boolean {
    if (this.#over.has(view.guid)) return false;
    const isNew = !this.live.some(({ guid }) => guid === view.guid);
    this.live = isNew
      ? currentFirst([view, ...this.live])
      : this.live.map((other) => (other.guid === view.guid ? view : other));
    return isNew;
  }

  /** Moves a session to the ended ones. True if it was live until now. */
  end(view: EndedSessionView): boolean {
    this.ended = [view, ...this.ended.filter(({ guid }) => guid !== view.guid)];
    return this.drop([view.guid]);
  }

  /** Removes sessions that are known to have ended, before news of it arrives. True if there was one. */
  drop(guids: readonly string[]): boolean {
    for (const guid of guids) this.#over.add(guid);
    const { length } = this.live;
    this.live = this.live.filter(({ guid }) => !guids.includes(guid));
    return this.live.length < length;
  }

  /** Forgets everything; the next sign-in may be another user's. */
  clear(): void {
    this.live = [];
    this.ended = [];
    this.#over.clear();
  }
}

function currentFirst(views: readonly SessionView[]): SessionView[] {
  return views.toSorted((one, other) => Number(other.current) - Number(one.current));
}
