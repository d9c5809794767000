/** Marks that only change the direction of the text beside them. Embeddings and overrides count as control characters here. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f]+/g;
/**
 * Invisible characters: blanks, control characters, what Unicode tells programs to ignore (zero-width characters, tags,
 * variation selectors, Hangul fillers), and symbols that are blank (the empty Braille pattern, the null notehead, the
 * anchors of annotations).
 */
const SHOWS_NOTHING = /[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\ufff9-\ufffb]/gu;
/** The characters that programs should ignore, such as a filler that counts as a letter. */
const IGNORED = /\p{Default_Ignorable_Code_Point}+/gu;

/**
 * Whether a reader of this text sees anything. Joiners and tags inside visible text are left alone: Persian and Indian
 * words, family emoji and flags are written with them.
 */
export function isVisible(text: string): boolean {
  return text.replace(SHOWS_NOTHING, '') !== '';
}

/** The text without direction marks, which could change the direction of the text beside it on a page. */
export function withoutDirectionMarks(text: string): string {
  return text.replace(DIRECTION_MARKS, '');
}

/** The text without the characters that programs should ignore. */
export function withoutIgnored(text: string): string {
  return text.replace(IGNORED, '');
}
