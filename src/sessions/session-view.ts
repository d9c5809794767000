import type { SessionLimits } from '../options/session-options.js';
import type { ClientView, EndedSessionView, SessionView, SuspicionView } from '../wire.js';
import type { ClientInfo } from './client-info.js';
import { describeDevice, deviceName } from './device.js';
import { endOf, type Session, type SessionEnd, type Suspicion } from './session.js';

/** A session as its user sees it; `current` is the guid of the session that asks. */
export function toSessionView(session: Session, current?: string): SessionView {
  const device = describeDevice(session.userAgent);
  return {
    guid: session.guid,
    current: session.guid === current,
    name: session.name ?? deviceName(device),
    device,
    ip: session.ip,
    createdAt: iso(session.createdAt),
    lastActiveAt: iso(session.lastActiveAt),
    expiresAt: iso(session.expiresAt),
    ...(session.suspicion && { suspected: toSuspicionView(session.suspicion) }),
  };
}

/** An ended session as its user sees it. */
export function toEndedView(session: Session, end: SessionEnd, current?: string): EndedSessionView {
  return { ...toSessionView(session, current), endedAt: iso(end.endedAt), endReason: end.endReason };
}

/** The live sessions among those given, current first, then the most recently active. */
export function liveViews(
  sessions: readonly Session[],
  now: number,
  limits: SessionLimits,
  current?: string,
): SessionView[] {
  return sessions
    .filter((session) => endOf(session, now, limits) === null)
    .sort((a, b) => Number(b.guid === current) - Number(a.guid === current) || b.lastActiveAt - a.lastActiveAt)
    .map((session) => toSessionView(session, current));
}

/** The ended sessions among those given, last ended first. */
export function endedViews(sessions: readonly Session[], now: number, limits: SessionLimits): EndedSessionView[] {
  return sessions
    .flatMap((session) => {
      const end = endOf(session, now, limits);
      return end === null ? [] : [{ session, end }];
    })
    .sort((a, b) => b.end.endedAt - a.end.endedAt)
    .map(({ session, end }) => toEndedView(session, end));
}

function toSuspicionView({ at, clients: [one, other] }: Suspicion): SuspicionView {
  return { at: iso(at), clients: [toClientView(one), toClientView(other)] };
}

function toClientView({ userAgent, ip }: ClientInfo): ClientView {
  return { device: describeDevice(userAgent), ip };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
