import type { SessionState } from '../sessions/session.js';

/** Writes the state of a live session as the text of a copy. */
export function encodeState(state: SessionState): string {
  const { refTokID, predecessor, rotatedAt, usedAt, lastActiveAt, expiresAt } = state;
  return JSON.stringify([refTokID, predecessor, rotatedAt, usedAt, lastActiveAt, expiresAt]);
}

/** Reads the text of a copy. Undefined if this library did not write it. */
export function decodeState(text: string): SessionState | undefined {
  try {
    const [refTokID, predecessor, rotatedAt, usedAt, lastActiveAt, expiresAt] = JSON.parse(text) as unknown[];
    const state = { refTokID, predecessor, rotatedAt, usedAt, lastActiveAt, expiresAt, endedAt: null, endReason: null };
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

function isState(given: Record<string, unknown>): given is Record<string, unknown> & SessionState {
  const isTime = (value: unknown) => typeof value === 'number';
  return (
    typeof given.refTokID === 'string' &&
    (given.predecessor === null || typeof given.predecessor === 'string') &&
    [given.rotatedAt, given.usedAt].every((value) => value === null || isTime(value)) &&
    [given.lastActiveAt, given.expiresAt].every(isTime)
  );
}
