/**
 * Any script and any sign, but nothing that does not show, and no blanks at the ends. Beside controls, format characters and
 * what is not assigned (`C`), that is what a font may leave out (`DI`, such as the Hangul fillers and selectors of a
 * variation), and the blanks that count as signs: the empty Braille pattern and the note without a head.
 */
export const USERNAME = /^(?![\s\p{Z}])[^\p{C}\p{DI}\u2800\u{1d159}]{1,64}(?<![\s\p{Z}])$/u;

/** A user name in the one form it is stored and shown in. */
export function cleanUsername(given: string): string {
  return given.normalize('NFKC').trim();
}

/** What names that count as the same have in common: "Ada" and "ada" are one user. */
export function usernameKey(given: string): string {
  return cleanUsername(given).toLowerCase();
}
