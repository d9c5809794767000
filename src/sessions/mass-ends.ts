import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import type { SessionLimits } from '../options/session-options.js';
import type { EndReason } from '../wire.js';
import type { CredentialsChange } from './credentials-change.js';
import { ALL_CUT_OFF } from './cutoff.js';
import { idleBefore } from './session.js';
import type { Ending, SessionKey, SessionStore } from './session-store.js';
import { Walks } from './walks.js';

/** Ends many sessions at once: those that a cutoff covers, and those beyond a limit. Emits one event for all of them. */
export class MassEnds {
  readonly #walks: Walks;

  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
  ) {
    this.#walks = new Walks(store);
  }

  /** Cuts off one user, or everybody for null. Resolves to the number of sessions ended, once the last end is stored. */
  async cutOff(userId: string | null, reason: EndReason, change: CredentialsChange = {}): Promise<number> {
    const { keep, companion } = change;
    const ending = this.#ending(reason);
    const companions = companion && [companion];
    const { mark, ended } = await this.store.cutOff({ userId, keep, ...ending, companions });
    const who = { ...(userId !== null && { userId }), ...(keep && { except: keep }) };
    return this.#walks.end({ userId, mark, ...ending }, ended, (count) => this.#tell(who, reason, count));
  }

  /** Ends the least recently active sessions of the user until `most` are live, `keep` among them. */
  async evict(keep: SessionKey, most: number): Promise<void> {
    const ending = this.#ending('evicted');
    const { userId } = keep;
    const upTo = await this.store.firstSurplus(keep, most, ending);
    if (!upTo) return;
    const walk = { ...ending, userId, mark: ALL_CUT_OFF, upTo };
    await this.#walks.end(walk, 0, (count) => this.#tell({ userId }, 'evicted', count));
  }

  /** Stops work under way after its current batch. */
  stop(): Promise<void> {
    return this.#walks.stop();
  }

  #ending(reason: EndReason): Ending {
    const at = this.clock.now();
    return { reason, at, idleBefore: idleBefore(at, this.limits) };
  }

  #tell(who: { userId?: string; except?: string }, reason: EndReason, count: number): void {
    if (count > 0) this.events.emit('revoked', { ...who, reason, count, at: this.clock.now() });
  }
}
