import type { Clock } from '../clock.js';
import { accessTokensEnd, type Session } from '../sessions/session.js';
import type {
  BatchOutcome,
  EndOutcome,
  OpenOutcome,
  OpenRules,
  Place,
  PurgeOutcome,
  PurgeRound,
  SessionEnding,
  SessionKey,
  SessionStore,
  Walk,
} from '../sessions/session-store.js';
import { StoreDecorator } from '../sessions/store-decorator.js';
import type { Denylist } from './denylist.js';

/** Adds what the store ends to the denylist before the caller hears of it. A retry does so again, in case an entry was lost. */
export class DenyingStore extends StoreDecorator {
  constructor(
    store: SessionStore,
    private readonly denylist: Denylist,
    private readonly accessTtl: number,
    private readonly clock: Clock,
  ) {
    super(store);
  }

  override async open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    const outcome = await super.open(session, rules);
    if (!outcome.opened) return outcome;
    const { userId } = session;
    for (const guid of [...outcome.replaced, ...outcome.evicted]) await this.#deny({ userId, guid });
    return outcome;
  }

  override async end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome> {
    const outcome = await super.end(key, ending);
    // The user has no such session, so there is nothing to deny.
    if (outcome !== 'unknown') await this.#deny(key);
    return outcome;
  }

  /** Denies the cutoff once, with its first batch: the cutoff is stored by then, even if ending the batch fails. */
  override async endBatch(walk: Walk, after?: Place): Promise<BatchOutcome> {
    if (walk.upTo) return this.#evict(walk, after);
    try {
      return await super.endBatch(walk, after);
    } finally {
      if (!after) await this.denylist.denyUser(walk.userId, walk.mark, this.#until());
    }
  }

  override async purge(round: PurgeRound): Promise<PurgeOutcome> {
    await this.denylist.prune(this.clock.now());
    return super.purge(round);
  }

  async #evict(walk: Walk, after?: Place): Promise<BatchOutcome> {
    const outcome = await super.endBatch(walk, after);
    for (const guid of outcome.over) await this.#deny({ userId: walk.userId ?? '', guid });
    return outcome;
  }

  #deny(key: SessionKey): Promise<void> {
    return this.denylist.denySession(key, this.#until());
  }

  #until(): number {
    return accessTokensEnd(this.clock.now(), this.accessTtl);
  }
}
