import type { Suspicion } from '../../sessions/session.js';
import type { SessionKey, SessionStore } from '../../sessions/session-store.js';
import type { Evidence } from '../../suspicion/crossing.js';
import type { Run } from '../../suspicion/run.js';
import { LOOK_EVERY, RunStore } from '../../suspicion/run-store.js';

interface Entry {
  readonly key: SessionKey;
  readonly run: Run;
  readonly lookAt: number;
}

const MAX_RUNS = 10_000;

/** Runs in the memory of one process, for apps with their own store. Other processes do not see them. */
export class MemoryRuns extends RunStore {
  /** The least recently written one comes first. */
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly sessions: Pick<SessionStore, 'find'>) {
    super();
  }

  override async find(key: SessionKey, evidence: Evidence): Promise<Run | undefined> {
    const entry = this.#entries.get(nameOf(key, evidence));
    return entry?.key.userId === key.userId ? entry.run : undefined;
  }

  override async save(key: SessionKey, former: Run | undefined, next: Run, at: number): Promise<boolean> {
    const name = nameOf(key, next.evidence);
    const { userId, guid } = key;
    const entry = this.#entries.get(name);
    if (entry?.run.generation !== former?.generation || (entry && entry.key.userId !== userId)) return false;
    this.#entries.delete(name);
    this.#entries.set(name, { key: { userId, guid }, run: next, lookAt: at + LOOK_EVERY });
    if (this.#entries.size > MAX_RUNS) this.#entries.delete(this.#entries.keys().next().value ?? '');
    return true;
  }

  override async suspicionsOf(userId: string): Promise<ReadonlyMap<string, Suspicion>> {
    const suspicions = new Map<string, Suspicion>();
    for (const { key, run } of this.#entries.values()) {
      const [suspicion, known] = [run.suspicion, suspicions.get(key.guid)];
      if (key.userId !== userId || !suspicion || (known && known.at > suspicion.at)) continue;
      suspicions.set(key.guid, suspicion);
    }
    return suspicions;
  }

  override async forget(userId: string): Promise<void> {
    for (const [name, { key }] of this.#entries) if (key.userId === userId) this.#entries.delete(name);
  }

  override async prune(at: number): Promise<void> {
    for (const [name, entry] of this.#entries) {
      if (entry.lookAt > at) continue;
      if (await this.sessions.find(entry.key)) this.#entries.set(name, { ...entry, lookAt: at + LOOK_EVERY });
      else this.#entries.delete(name);
    }
  }
}

function nameOf({ guid }: SessionKey, evidence: Evidence): string {
  return `${guid} ${evidence}`;
}
