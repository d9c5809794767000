import type { Session } from '../sessions/session.js';
import type { ListPage, PurgeOutcome, PurgeRound, SessionStore } from '../sessions/session-store.js';
import { StoreDecorator } from '../sessions/store-decorator.js';
import type { RunStore } from './run-store.js';

/**
 * Marks the suspected sessions of a list, unless suspicion is off. It also deletes what is stored about a session
 * together with the session, including what was stored while suspicion was on.
 */
export class SuspicionMarkingStore extends StoreDecorator {
  constructor(
    store: SessionStore,
    private readonly runs: RunStore,
    private readonly marks: boolean,
  ) {
    super(store);
  }

  override async list(userId: string, ended: boolean, page: ListPage): Promise<Session[]> {
    if (!this.marks) return super.list(userId, ended, page);
    const [sessions, suspicions] = await Promise.all([super.list(userId, ended, page), this.runs.suspicionsOf(userId)]);
    if (suspicions.size === 0) return sessions;
    return sessions.map((session) => ({ ...session, suspicion: suspicions.get(session.guid) }));
  }

  override async forget(userId: string): Promise<number> {
    const count = await super.forget(userId);
    await this.runs.forget(userId);
    return count;
  }

  override async purge(round: PurgeRound): Promise<PurgeOutcome> {
    const outcome = await super.purge(round);
    if (outcome.visited < round.limit) await this.runs.prune(round.at);
    return outcome;
  }
}
