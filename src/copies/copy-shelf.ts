import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';

/** A copy, with a note about it. */
export interface Shelved<T> {
  readonly state: SessionState;
  readonly note: T;
}

/** A bounded number of copies in memory. The oldest one makes room for a new one. */
export class CopyShelf<T> {
  readonly #copies = new Map<string, Shelved<T> & SessionKey>();
  readonly #users = new Map<string, Set<string>>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#copies.size;
  }

  get({ userId, guid }: SessionKey): Shelved<T> | undefined {
    const copy = this.#copies.get(guid);
    return copy?.userId === userId ? copy : undefined;
  }

  put({ userId, guid }: SessionKey, copy: Shelved<T>): void {
    this.remove(guid);
    this.#copies.set(guid, { ...copy, userId, guid });
    this.#users.set(userId, (this.#users.get(userId) ?? new Set()).add(guid));
    for (const eldest of this.#copies.keys()) {
      if (this.#copies.size <= this.most) return;
      this.remove(eldest);
    }
  }

  remove(guid: string): void {
    const copy = this.#copies.get(guid);
    if (!copy) return;
    this.#copies.delete(guid);
    const guids = this.#users.get(copy.userId);
    guids?.delete(guid);
    if (guids?.size === 0) this.#users.delete(copy.userId);
  }

  removeUser(userId: string): void {
    for (const guid of this.#users.get(userId) ?? []) this.remove(guid);
  }

  clear(): void {
    this.#copies.clear();
    this.#users.clear();
  }
}
