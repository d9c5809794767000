import type { SessionView } from '../wire.js';
import { now } from './clock.js';
import type { SignedOutReason } from './session-client.js';
import { spread } from './waiting.js';

/** The part of the answer to a sign-in or a renewal that a client needs; tokens that are in cookies are absent. */
export interface Grant {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly session: SessionView;
}

/** What is in the storage: a session, what remains of one (`ended`), or nothing. */
export interface SessionRecord {
  /** The session; undefined when signed out. */
  readonly guid?: string;
  /**
   * When the tokens are to be renewed, by the clock of the device. Partly random, so that it differs for each pair of
   * tokens: this is how a tab sees that another tab has renewed.
   */
  readonly renewAt?: number;
  readonly access_token?: string | undefined;
  readonly refresh_token?: string | undefined;
  /** Why the session has ended, for the other tabs to report. */
  readonly ended?: SignedOutReason;
}

/** The record of a grant: to be renewed when a fifth of its lifetime is left, or half a minute. */
export const recordOf = ({ expires_in, session, ...tokens }: Grant): SessionRecord => ({
  ...tokens,
  guid: session.guid,
  renewAt: now() + expires_in * 1000 - spread(Math.min(30_000, expires_in * 200)),
});
