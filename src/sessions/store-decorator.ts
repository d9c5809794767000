import type { Session, SessionState } from './session.js';
import type { CutoffMark } from './cutoff.js';
import {
  type BatchOutcome,
  type Cutoff,
  type Ending,
  type EndOutcome,
  type ListPage,
  type OpenOutcome,
  type OpenRules,
  type Place,
  type PurgeOutcome,
  type PurgeRound,
  type Rotation,
  type SessionEnding,
  type SessionKey,
  SessionStore,
  type StoredCutoff,
  type Touch,
  type TouchRound,
  type Walk,
} from './session-store.js';

/** A store that wraps another one and passes every call on, so that a subclass only overrides what it changes. */
export abstract class StoreDecorator extends SessionStore {
  constructor(protected readonly store: SessionStore) {
    super();
  }

  override currentTicket(): Promise<number> {
    return this.ask(() => this.store.currentTicket());
  }
  override cutoffOf(key: SessionKey): Promise<CutoffMark> {
    return this.ask(() => this.store.cutoffOf(key));
  }
  override open(session: Session, rules: OpenRules): Promise<OpenOutcome> {
    return this.ask(() => this.store.open(session, rules));
  }
  override check(key: SessionKey): Promise<SessionState | undefined> {
    return this.ask(() => this.store.check(key));
  }
  override find(key: SessionKey): Promise<Session | undefined> {
    return this.ask(() => this.store.find(key));
  }
  override list(userId: string, ended: boolean, page: ListPage): Promise<Session[]> {
    return this.ask(() => this.store.list(userId, ended, page));
  }
  override rotate(rotation: Rotation): Promise<Session | undefined> {
    return this.ask(() => this.store.rotate(rotation));
  }
  override markUsed(key: SessionKey, refTokID: string, at: number): Promise<void> {
    return this.ask(() => this.store.markUsed(key, refTokID, at));
  }
  override rename(key: SessionKey, name: string): Promise<boolean> {
    return this.ask(() => this.store.rename(key, name));
  }
  override end(key: SessionKey, ending: SessionEnding): Promise<EndOutcome> {
    return this.ask(() => this.store.end(key, ending));
  }
  override cutOff(cutoff: Cutoff): Promise<StoredCutoff> {
    return this.ask(() => this.store.cutOff(cutoff));
  }
  override endBatch(walk: Walk, after?: Place): Promise<BatchOutcome> {
    return this.ask(() => this.store.endBatch(walk, after));
  }
  override firstSurplus(keep: SessionKey, most: number, moment: Pick<Ending, 'at' | 'idleBefore'>) {
    return this.ask(() => this.store.firstSurplus(keep, most, moment));
  }
  override touch(touches: readonly Touch[], round: TouchRound): Promise<number> {
    return this.ask(() => this.store.touch(touches, round));
  }
  override forget(userId: string): Promise<number> {
    return this.ask(() => this.store.forget(userId));
  }
  override purge(round: PurgeRound): Promise<PurgeOutcome> {
    return this.ask(() => this.store.purge(round));
  }

  /** Every call goes through here. */
  protected ask<T>(question: () => Promise<T>): Promise<T> {
    return question();
  }
}
