import type { SuspicionLimits } from '../options/suspicion-options.js';
import type { Session, Suspicion } from '../sessions/session.js';
import { type ClientPair, type Crossing, crossingOf, type Evidence } from './crossing.js';

/** Consecutive generations of a session, each of which was given to the same two clients. */
export interface Run {
  readonly evidence: Evidence;
  /** The `refTokID` of the last of them; not a credential. */
  readonly generation: string;
  readonly length: number;
  readonly clients: ClientPair;
  /** The last suspicion of the session by this evidence; it outlasts the run. */
  readonly suspicion: Suspicion | null;
}

/** A previous refresh token that was accepted. */
export interface Honoured {
  readonly session: Session;
  readonly clients: ClientPair;
  readonly crossing: Crossing;
  readonly at: number;
}

/**
 * The run with one more generation, or a new one: two clients with copies of one session take part in every generation,
 * or one of them is detected. Undefined if this generation was counted before.
 */
export function extended(run: Run | undefined, honoured: Honoured, limits: SuspicionLimits): Run | undefined {
  const { session, clients, crossing, at } = honoured;
  if (run?.generation === session.refTokID) return undefined;
  const length = run && goesOn(run, honoured) ? run.length + 1 : 1;
  const { evidence } = crossing;
  const suspicion = length === limits[evidence] ? { at, clients } : (run?.suspicion ?? null);
  return { evidence, generation: session.refTokID, length, clients, suspicion };
}

function goesOn({ generation, clients }: Run, { session, crossing }: Honoured): boolean {
  return generation === session.predecessor && crossingOf(clients)?.between === crossing.between;
}
