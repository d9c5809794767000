import { type UserId, userIdOf } from '../id-rules.js';
import type { SessionLimits } from '../options/session-options.js';
import { type ClientInfo, cleanName } from './client-info.js';
import { newGuid, newRefTokID } from './ids.js';
import type { Session } from './session.js';

/** What a new session is made from. About the client, only what may be stored. */
export interface SessionSource extends ClientInfo {
  readonly userId: UserId;
  readonly ticket: number;
  readonly deviceName?: string | null | undefined;
}

/** The session for a sign-in at the time `at`. */
export function newSession(from: SessionSource, at: number, { absoluteTimeout, idleTimeout }: SessionLimits): Session {
  const { userId, ticket, deviceName, userAgent, ip } = from;
  return {
    ...{ guid: newGuid(), userId: userIdOf(userId), refTokID: newRefTokID(), predecessor: null },
    ...{ rotatedAt: null, usedAt: null, ticket, name: cleanName(deviceName), userAgent, ip },
    ...{ createdAt: at, lastActiveAt: at, expiresAt: at + absoluteTimeout, endedAt: null, endReason: null },
    purgeAt: at + Math.min(absoluteTimeout, idleTimeout ?? absoluteTimeout),
  };
}
