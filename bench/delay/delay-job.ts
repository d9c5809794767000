/** A session to end: by itself, or from another device of its user, whose token is `by`. */
export interface Victim {
  guid: string;
  token: string;
  by?: string | undefined;
}

/** What the client process is to do: end each session, and call every process with its token meanwhile. */
export interface DelayJob {
  urls: readonly string[];
  victims: readonly Victim[];
  /** Sessions being ended at the same time. */
  atOnce: number;
  /** Milliseconds after which a session that is still accepted fails the bench. */
  patience: number;
}

/** What was seen of one session; all in milliseconds. */
export interface Observation {
  /** From the acknowledgement to the start of the last request any process accepted; 0 where none was. */
  delay: number;
  /** The mean time from one call to the next, on each process. */
  intervals: number[];
  /** Calls of all processes, before and after. */
  calls: number;
}
