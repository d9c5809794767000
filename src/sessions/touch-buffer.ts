import type { Clock } from '../clock.js';
import type { SessionLimits } from '../options/session-options.js';
import type { ClientInfo } from './client-info.js';
import type { NamedSession } from './named-session.js';
import { idleBefore } from './session.js';
import type { SessionKey, SessionStore, Touch } from './session-store.js';

const FLUSH_DELAY = 1_000;
const BATCH = 100;
/** Beyond this, touches are dropped until these are written. That only leaves "last active" a little too early. */
const MAX_PENDING = 10_000;
/** Beyond this, the oldest are forgotten. They may be written again too early, and the row then tells that it is not due. */
const MAX_WRITTEN = 100_000;

/**
 * Collects "this session was active" outside of the response path and writes it in batches: at most once per session and
 * `touchInterval`, however many requests there are. A lost batch only leaves "last active" a little too early.
 */
export class TouchBuffer {
  readonly #pending = new Map<string, Touch>();
  /** When each session was last written, the longest ago first. A check that does not read the row cannot know it. */
  readonly #written = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    /** Whether each is written at once, because the process may be frozen before a timer fires. */
    private readonly isPrompt = false,
  ) {}

  /** Whether an active session should be recorded. Only a comparison while its last write is known to be recent. */
  isDue(key: NamedSession, lastActiveAt: number): boolean {
    const youngest = this.clock.now() - this.limits.touchInterval;
    if (lastActiveAt > youngest || this.#pending.has(key.guid)) return false;
    return (this.#written.get(nameOf(key)) ?? 0) <= youngest;
  }

  /** Records an active session that is due. Resolves at once, or if each is written at once, when it is. Never rejects. */
  async note(key: SessionKey, client: ClientInfo): Promise<void> {
    if (this.#pending.size >= MAX_PENDING) return;
    const touch = { ...key, ...client, at: this.clock.now() };
    this.#pending.set(key.guid, touch);
    if (this.isPrompt) await this.#writeNow(touch);
    else this.#schedule();
  }

  /** Writes what was recorded. Resolves to the number of rows written. */
  flush(): Promise<number> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#writePending();
  }

  /** It stays noted until then, so that other requests of the session leave it to this one. */
  async #writeNow(touch: Touch): Promise<void> {
    // The store has reported the fault, and the next request of the session records it again.
    await this.#write([touch]).catch(() => {});
    this.#pending.delete(touch.guid);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#flushOnTime(), FLUSH_DELAY).unref();
  }

  /** Keeps the timer set until all is written, so that writes do not pile up if the database is slower than requests. */
  async #flushOnTime(): Promise<void> {
    // The store has reported the fault, and the next request of each session records it again.
    await this.#writePending().catch(() => {});
    this.#timer = undefined;
    if (this.#pending.size > 0) this.#schedule();
  }

  async #writePending(): Promise<number> {
    const touches = [...this.#pending.values()];
    this.#pending.clear();
    let written = 0;
    for (let from = 0; from < touches.length; from += BATCH)
      written += await this.#write(touches.slice(from, from + BATCH));
    return written;
  }

  async #write(touches: readonly Touch[]): Promise<number> {
    const at = this.clock.now();
    const { touchInterval } = this.limits;
    const written = await this.store.touch(touches, { touchInterval, at, idleBefore: idleBefore(at, this.limits) });
    this.#remember(touches, at - touchInterval);
    return written;
  }

  #remember(touches: readonly Touch[], forgotten: number): void {
    for (const touch of touches) {
      const name = nameOf(touch);
      this.#written.delete(name);
      this.#written.set(name, touch.at);
    }
    for (const [name, at] of this.#written) {
      if (at > forgotten && this.#written.size <= MAX_WRITTEN) return;
      this.#written.delete(name);
    }
  }
}

function nameOf({ userId, guid }: NamedSession): string {
  return `${guid} ${userId}`;
}
