/**
 * What a cutoff means for tokens that were already issued: those with a smaller ticket are no longer valid, except those of
 * the session `kept`. `ticket` is 0 before the first cutoff.
 */
export interface CutoffMark {
  readonly ticket: number;
  readonly kept: string | null;
}

/** The mark before the first cutoff. */
export const NO_CUTOFF: CutoffMark = { ticket: 0, kept: null };

/** The mark of a session whose own access tokens are all cut off. */
export const ALL_CUT_OFF: CutoffMark = { ticket: Number.MAX_SAFE_INTEGER, kept: null };

/** Whether a token of this session, with this ticket, was issued for a sign-in before the cutoff. */
export function isCutOff(mark: CutoffMark, { guid, ticket }: { guid: string; ticket: number }): boolean {
  return ticket < mark.ticket && guid !== mark.kept;
}

/** Combines two marks, in any order: the later one holds. Of two with the same ticket, only a session that both keep is kept. */
export function laterMark(one: CutoffMark, other: CutoffMark): CutoffMark {
  if (one.ticket !== other.ticket) return one.ticket > other.ticket ? one : other;
  return one.kept === other.kept ? one : { ...one, kept: null };
}
