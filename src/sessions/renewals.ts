import type { Clock } from '../clock.js';
import type { SessionEvents } from '../events/session-events.js';
import type { SessionLimits } from '../options/session-options.js';
import type { ClientInfo } from './client-info.js';
import type { HonouredObserver } from './honoured-observer.js';
import { newRefTokID } from './ids.js';
import { endOf, generationOf, idleBefore, refusalOf } from './session.js';
import type { SessionResult } from './session-result.js';
import { isCutOff } from './cutoff.js';
import type { SessionKey, SessionStore } from './session-store.js';

/** Exchanges token generations, and distinguishes a lost response from a theft. */
export class Renewals {
  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
    private readonly observer?: HonouredObserver | undefined,
  ) {}

  /** See `SessionRegistry.renew`. About the client, only what may be stored. */
  async renew(key: SessionKey, from: string, client: ClientInfo): Promise<SessionResult> {
    const bounds = this.#bounds();
    const session = await this.store.rotate({ ...key, ...client, ...bounds, from, to: newRefTokID() });
    if (!session) return this.#settle(key, from, client);
    this.events.emit('renewed', { ...said(key, client), at: bounds.at });
    return { ok: true, session, repeated: false };
  }

  async #settle(key: SessionKey, from: string, client: ClientInfo): Promise<SessionResult> {
    const session = await this.store.find(key);
    if (!session) return { ok: false, reason: 'session_unknown' };
    const at = this.clock.now();
    const end = endOf(session, at, this.limits);
    if (end) return { ok: false, reason: refusalOf(end) };
    // A cutoff covers it: its end will be stored soon, and until then it must not be renewed.
    if (isCutOff(await this.store.cutoffOf(key), session)) return { ok: false, reason: 'session_ended' };
    switch (generationOf(session, from, at, this.limits.reuseInterval)) {
      case 'honoured':
        this.events.emit('repeated', { ...said(key, client), at });
        await this.observer?.honoured(session, client);
        return { ok: true, session, repeated: true };
      case 'superseded':
        return this.#endReused(key, client);
      case 'current':
        // The row was idle when `rotate` read it and was touched afterwards. An idle session stays ended.
        return { ok: false, reason: 'session_idle' };
    }
  }

  async #endReused(key: SessionKey, client: ClientInfo): Promise<SessionResult> {
    const outcome = await this.store.end(key, { reason: 'reuse_detected', ...this.#bounds() });
    if (outcome === 'ended') {
      this.events.emit('reused', { ...said(key, client), at: this.clock.now() });
      this.events.emit('revoked', {
        userId: key.userId,
        guid: key.guid,
        reason: 'reuse_detected',
        count: 1,
        at: this.clock.now(),
      });
    }
    return { ok: false, reason: 'reuse_detected' };
  }

  #bounds(): { at: number; idleBefore: number } {
    const at = this.clock.now();
    return { at, idleBefore: idleBefore(at, this.limits) };
  }
}

/** The session an event is about, and the client that asked. */
function said({ userId, guid }: SessionKey, { userAgent, ip }: ClientInfo) {
  return { userId, guid, client: { userAgent, ip } };
}
