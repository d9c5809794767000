import { laterMark } from '../../sessions/cutoff.js';
import { type Denial, Denylist } from '../../revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF } from '../../sessions/cutoff.js';
import type { SessionKey } from '../../sessions/session-store.js';

interface UserEntry {
  readonly mark: CutoffMark;
  readonly until: number;
}

/** Entries in the memory of one process. They are lost when it ends, and other processes do not see them. */
export class MemoryDenylist extends Denylist {
  readonly #sessions = new Map<string, number>();
  /** By user; the key null is everybody. */
  readonly #users = new Map<string | null, UserEntry>();

  override async denySession({ guid }: SessionKey, until: number): Promise<void> {
    this.#sessions.set(guid, Math.max(until, this.#sessions.get(guid) ?? 0));
  }

  override async denyUser(userId: string | null, mark: CutoffMark, until: number): Promise<void> {
    const former = this.#users.get(userId) ?? { mark: NO_CUTOFF, until: 0 };
    this.#users.set(userId, { mark: laterMark(mark, former.mark), until: Math.max(until, former.until) });
  }

  override async find({ guid, userId }: SessionKey): Promise<Denial> {
    return { session: this.#sessions.has(guid), user: laterMark(this.#markOf(userId), this.#markOf(null)) };
  }

  override async prune(before: number): Promise<void> {
    for (const [guid, until] of this.#sessions) if (until < before) this.#sessions.delete(guid);
    for (const [userId, { until }] of this.#users) if (until < before) this.#users.delete(userId);
  }

  #markOf(userId: string | null): CutoffMark {
    return this.#users.get(userId)?.mark ?? NO_CUTOFF;
  }
}
