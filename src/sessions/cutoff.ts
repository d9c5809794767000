/**
 * What cutoffs mean for tokens that are out: those of an older ticket are over, but for those of the session `kept`.
 * `ticket` is 0 before the first.
 */
export interface CutoffMark {
  readonly ticket: number;
  readonly kept: string | null;
}

/** The mark where nobody was ever cut off. */
export const NO_CUTOFF: CutoffMark = { ticket: 0, kept: null };

/** The mark of a session whose own access tokens are cut off, all of them. */
export const ALL_CUT_OFF: CutoffMark = { ticket: Number.MAX_SAFE_INTEGER, kept: null };

/** Whether a token of this session, with this ticket, is from before the cutoff. */
export function isCutOff(mark: CutoffMark, { guid, ticket }: { guid: string; ticket: number }): boolean {
  return ticket < mark.ticket && guid !== mark.kept;
}

/** What holds of two marks, in whatever order they came: the later, keeping only what both of them keep. */
export function laterMark(one: CutoffMark, other: CutoffMark): CutoffMark {
  if (one.ticket !== other.ticket) return one.ticket > other.ticket ? one : other;
  return one.kept === other.kept ? one : { ...one, kept: null };
}
