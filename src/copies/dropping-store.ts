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
 * Takes copies back when their rows change, before that is told. Done again by a retry, whether or not there was
 * still something to end: an answer that was lost says nothing about the copies.
 */
export class DroppingStore extends StoreDecorator {
  /** `copies` from the farthest to the nearest, so that none is made of one that is stale. */
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
    // A copy from before speaks for the predecessor, and that is honoured for so long in any case.
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
      // It may be stored, and then nobody ends the rest: no batch follows that would drop the copies.
      await this.#drop({ userId: cutoff.userId });
      throw error;
    }
  }

  /** Once for all batches, after the last one; also after one that failed, as nobody may come back to ask. */
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

  /** Also where the database failed: it may have written the end before it did, and nobody may come back to ask. */
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
