import type fc from 'fast-check';
import { SessionStore } from '../../src/sessions/session-store.js';

/**
 * A store that holds every call before and after it runs, until the scheduler releases it. So the steps of two requests happen
 * in any order that the scheduler chooses.
 */
export class ScheduledStore extends SessionStore {
  constructor(
    private readonly store: SessionStore,
    private readonly scheduler: fc.Scheduler,
  ) {
    super();
  }

  override currentTicket = this.#held('currentTicket');
  override cutoffOf = this.#held('cutoffOf');
  override open = this.#held('open');
  override check = this.#held('check');
  override find = this.#held('find');
  override list = this.#held('list');
  override rotate = this.#held('rotate');
  override markUsed = this.#held('markUsed');
  override rename = this.#held('rename');
  override end = this.#held('end');
  override cutOff = this.#held('cutOff');
  override endBatch = this.#held('endBatch');
  override firstSurplus = this.#held('firstSurplus');
  override touch = this.#held('touch');
  override forget = this.#held('forget');
  override purge = this.#held('purge');

  #held<N extends keyof SessionStore>(name: N): SessionStore[N] {
    const held = async (...values: unknown[]): Promise<unknown> => {
      await this.scheduler.schedule(Promise.resolve(), `${name} is asked`);
      const call = this.store[name] as (...values: unknown[]) => Promise<unknown>;
      const answer = await call.apply(this.store, values);
      await this.scheduler.schedule(Promise.resolve(), `${name} answers`);
      return answer;
    };
    return held as unknown as SessionStore[N];
  }
}
