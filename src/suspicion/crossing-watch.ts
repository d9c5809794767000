import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import type { SuspicionLimits } from '../options/suspicion-options.js';
import type { ClientInfo } from '../sessions/client-info.js';
import type { HonouredObserver } from '../sessions/honoured-observer.js';
import type { Session } from '../sessions/session.js';
import { type ClientPair, crossingOf } from './crossing.js';
import { extended, type Honoured, type Run } from './run.js';
import type { RunStore } from './run-store.js';

/** Other processes may count the same generation at the same time. */
const MAX_TRIES = 3;

/**
 * Detects a session that two clients use in turn, and reports it with `suspected`. It reads nothing if the client that
 * presents a previous refresh token may be the one that rotated it, and it changes no verdict.
 */
export class CrossingWatch implements HonouredObserver {
  constructor(
    private readonly runs: RunStore,
    private readonly limits: SuspicionLimits,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  async honoured(session: Session, client: ClientInfo): Promise<void> {
    const clients: ClientPair = [clientOf(session), clientOf(client)];
    const crossing = crossingOf(clients);
    if (!crossing || this.limits[crossing.evidence] === null) return;
    try {
      await this.#count({ session, clients, crossing, at: this.clock.now() });
    } catch (error) {
      this.onFailure(error);
    }
  }

  async #count(honoured: Honoured): Promise<void> {
    const { session, crossing, at } = honoured;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const run = await this.runs.find(session, crossing.evidence);
      const next = extended(run, honoured, this.limits);
      if (!next) return;
      if (await this.runs.save(session, run, next, at)) return this.#tell(honoured, next);
    }
  }

  #tell({ session: { userId, guid }, clients, at }: Honoured, { evidence, length }: Run): void {
    if (length !== this.limits[evidence]) return;
    this.events.emit('suspected', { userId, guid, evidence, clients, at });
  }
}

function clientOf({ userAgent, ip }: ClientInfo): ClientInfo {
  return { userAgent, ip };
}
