/** Marks that only turn the direction of what stands beside them; embeddings and overrides are control characters here. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f]+/g;
/**
 * What takes a line or less and shows nothing: blanks, controls, what Unicode has programs ignore (zero-width characters,
 * tags, variation selectors, the fillers of Hangul), and the blanks it counts among the signs (an empty Braille pattern,
 * a note without a head, the frame of an annotation).
 */
const SHOWS_NOTHING = /[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\ufff9-\ufffb]/gu;
/** What programs ignore by itself, such as a filler that counts as a letter. */
const IGNORED = /\p{Default_Ignorable_Code_Point}+/gu;

/**
 * Whether somebody who looks at this text sees anything. Joiners and tags are left in what does show: words of Persian and
 * of Indian scripts, families and flags are written with them.
 */
export function isVisible(text: string): boolean {
  return text.replace(SHOWS_NOTHING, '') !== '';
}

/** The text without marks of direction, which could turn what stands beside it on a page. */
export function withoutDirectionMarks(text: string): string {
  return text.replace(DIRECTION_MARKS, '');
}

/** The text without what shows as nothing, wherever it stands. */
export function withoutIgnored(text: string): string {
  return text.replace(IGNORED, '');
}
