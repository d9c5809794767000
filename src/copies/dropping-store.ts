import type { Clock } from '../clock.js';
import type { Session } from '../sessions/session.js';
import type {
  BatchOutcome,
  Cutoff,
  EndOutcome,
  OpenOutcome,
  OpenRules,
  Place,
  Rotation,
  SessionEnding,
  SessionKey,
  SessionStore,
  StoredCutoff,
  Walk,
} from '../sessions/session-store.js';
import { StoreDecorator } from '../sessions/store-decorator.js';
import type { SessionCopies, Stale } from './session-copies.js';

/**
 * Drops copies when their rows change, before the caller hears of the change. A retry drops them again even if there is
 * nothing left to end, because the first attempt may have failed before it dropped them.
 */
export class DroppingStore extends StoreDecorator {
  /** `copies` go from the farthest to the nearest, so that a near copy is never made from a stale one. */
  constructor(
    store: SessionStore,
    private readonly copies: readonly SessionCopies[],
    private readonly reuseInterval: number,
    private readonly clock: Clock,
  ) {
    super(store);
  }

  override async open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    const { userId } = session;
    const former = rules.replaces === undefined ? [] : [{ userId, guid: rules.replaces }];
    const outcome = await this.#dropping(former, () => super.open(session, rules));
    if (outcome.opened) for (const guid of outcome.evicted) await this.#drop({ userId, guid });
    return outcome;
  }

  override async rotate(rotation: Rotation): Promise<Session | undefined> {
    const session = await super.rotate(rotation);
    const { userId, guid, at } = rotation;
    // An older copy accepts the predecessor, which is accepted for `reuseInterval` anyway.
    if (session) await this.#drop({ userId, guid }, at + this.reuseInterval - this.clock.now());
    return session;
  }

  override end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome> {
    const { userId, guid } = key;
    return this.#dropping([{ userId, guid }], () => super.end(key, ending));
  }

  override async cutOff(cutoff: Cutoff): Promise<StoredCutoff> {
    try {
      return await super.cutOff(cutoff);
    } catch (error) {
      // The cutoff may be stored nevertheless, and no batch will follow that would drop the copies.
      await this.#drop({ userId: cutoff.userId });
      throw error;
    }
  }

  /** Drops once for all batches, after the last one. Also after a failed one, because the caller may not retry. */
  override async endBatch(walk: Walk, after?: Place): Promise<BatchOutcome> {
    let isMore = false;
    try {
      const outcome = await super.endBatch(walk, after);
      isMore = outcome.next !== undefined;
      return outcome;
    } finally {
      if (!isMore) await this.#drop({ userId: walk.userId });
    }
  }

  override forget(userId: string): Promise<number> {
    return this.#dropping([{ userId }], () => super.forget(userId));
  }

  /** Drops even if the change failed: the database may have written it before, and the caller may not retry. */
  async #dropping<T>(stale: readonly Stale[], change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      for (const one of stale) await this.#drop(one);
    }
  }

  async #drop(stale: Stale, spare = 0): Promise<void> {
    for (const copies of this.copies) await copies.drop(stale, spare);
  }
}
