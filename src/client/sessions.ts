import type { ClientSessions, SignedOutReason } from './session-client.js';

/** Sends a request and returns an answer that has `member`, or a 204 if none is named; throws SessionClientError. */
export type Ask = <T>(method: string, path: string, member?: string, body?: object) => Promise<T>;

/** The routes of the device list. `end` signs out if the guid is that of the current session, or if none is given. */
export function createSessions(
  ask: Ask,
  end: (reason: SignedOutReason, guid?: string) => Promise<void>,
): Omit<ClientSessions, 'watch'> {
  const revokeMany = async (query: string) => {
    const { revoked } = await ask<{ revoked: number }>('DELETE', `/sessions${query}`, 'revoked');
    if (!query) await end('revoked_all');
    return revoked;
  };
  return {
    list: (limit = 100) => ask('GET', `/sessions?limit=${limit}`, 'map'),
    ended: () => ask('GET', '/sessions?state=ended', 'map'),
    rename: (guid, name) => ask('PATCH', pathOf(guid), 'name', { name }),
    revoke: (guid) => ask('DELETE', pathOf(guid)).then(() => end('revoked', guid)),
    revokeOthers: () => revokeMany('?except=current'),
    revokeAll: () => revokeMany(''),
  };
}

// An empty guid, or one made of dots, would lead to `/sessions`, and `DELETE` of that ends all sessions.
const pathOf = (guid: string): string => `/sessions/${encodeURIComponent(guid).replace(/^\.*$/, '-')}`;
