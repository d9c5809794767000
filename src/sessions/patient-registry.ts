import type { UserId } from '../id-rules.js';
import type { EndReason, SessionView } from '../wire.js';
import type { ClientInfo } from './client-info.js';
import type { CredentialsChange } from './credentials-change.js';
import type { NamedSession } from './named-session.js';
import { type RevokeOptions, SessionRegistry, type SignIn } from './session-registry.js';
import type { SessionResult } from './session-result.js';

/**
 * A registry for a process that may be frozen after its answer: what it does is done when the listeners of its events are,
 * those that tell other processes included.
 */
export class PatientRegistry extends SessionRegistry {
  override open(signIn: SignIn): Promise<SessionResult> {
    return this.events.whole(() => super.open(signIn));
  }

  override renew(session: NamedSession, from: string, client: ClientInfo): Promise<SessionResult> {
    return this.events.whole(() => super.renew(session, from, client));
  }

  override rename(userId: UserId, guid: string, name: string, current?: string): Promise<SessionView | undefined> {
    return this.events.whole(() => super.rename(userId, guid, name, current));
  }

  override revoke(userId: UserId, guid: string, reason?: EndReason, options?: RevokeOptions): Promise<boolean> {
    return this.events.whole(() => super.revoke(userId, guid, reason, options));
  }

  override revokeOthers(userId: UserId, keep: string): Promise<number> {
    return this.events.whole(() => super.revokeOthers(userId, keep));
  }

  override revokeAll(userId: UserId, reason?: EndReason): Promise<number> {
    return this.events.whole(() => super.revokeAll(userId, reason));
  }

  override revokeEverybody(reason?: EndReason): Promise<number> {
    return this.events.whole(() => super.revokeEverybody(reason));
  }

  override credentialsChanged(userId: UserId, change?: CredentialsChange): Promise<number> {
    return this.events.whole(() => super.credentialsChanged(userId, change));
  }

  override forget(userId: UserId): Promise<number> {
    return this.events.whole(() => super.forget(userId));
  }

  override purge(options?: { readonly signal?: AbortSignal }): Promise<number> {
    return this.events.whole(() => super.purge(options));
  }
}
