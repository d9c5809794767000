import { type SessionEventName, SessionEvents } from '../../src/events/session-events.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { Session } from '../../src/sessions/session.js';
import { SessionRegistry, type SignIn } from '../../src/sessions/session-registry.js';
import type { SessionResult } from '../../src/sessions/session-result.js';
import type { SessionKey } from '../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { TestClock } from '../../src/testing/test-clock.js';

export const ADA = 'ada';
export const CLIENT = { userAgent: 'Notes/2.0', ip: '192.0.2.9' };
export const NOTHING = { userAgent: null, ip: null };
const NAMES: SessionEventName[] = ['opened', 'renewed', 'repeated', 'reused', 'revoked', 'purged'];
const SECRET = 'a test secret of more than thirty-two bytes';

/** A registry over memory, and what its events tell. */
export class Desk {
  readonly clock = new TestClock();
  readonly told: (object & { name: SessionEventName })[] = [];
  readonly registry: SessionRegistry;

  constructor(
    options: Partial<AuthModuleOptions> = {},
    readonly store = new MemorySessionStore(),
  ) {
    const events = new SessionEvents();
    for (const name of NAMES) events.on(name, (event) => this.told.push({ name, ...event }));
    const resolved = resolveOptions({ secret: SECRET, clock: this.clock, idleTimeout: '1d', ...options });
    this.registry = new SessionRegistry(store, resolved, this.clock, events);
  }

  attempt(signIn: Partial<SignIn> = {}): Promise<SessionResult> {
    return this.registry.open({ userId: ADA, ticket: 0, ...NOTHING, ...signIn });
  }

  /** Opens a session, and forgets that this was told. */
  async open(signIn: Partial<SignIn> = {}): Promise<Session> {
    const session = sessionIn(await this.attempt(signIn));
    this.told.length = 0;
    return session;
  }

  /** Renews a session, and forgets that this was told. */
  async renew({ userId, guid, refTokID }: Session): Promise<Session> {
    const session = sessionIn(await this.registry.renew({ userId, guid }, refTokID, NOTHING));
    this.told.length = 0;
    return session;
  }

  row({ userId, guid }: SessionKey): Promise<Session | undefined> {
    return this.store.find({ userId, guid });
  }
}

/** The session of a result that is one. */
export function sessionIn(result: SessionResult): Session {
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.session;
}

export const keyOf = ({ userId, guid }: Session): SessionKey => ({ userId, guid });
export const guidsOf = (views: { guid: string }[]): string[] => views.map(({ guid }) => guid);
export const refused = (reason: string) => ({ ok: false, reason });
