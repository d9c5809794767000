/** Any script and any sign, but nothing that does not show, and no blanks at the ends. */
export const USERNAME = /^(?![\s\p{Z}])[^\p{C}]{1,64}(?<![\s\p{Z}])$/u;

/** A user name in the one form it is stored and shown in. */
export function cleanUsername(given: string): string {
  return given.normalize('NFKC').trim();
}

/** What names that count as the same have in common: "Ada" and "ada" are one user. */
export function usernameKey(given: string): string {
  return cleanUsername(given).toLowerCase();
}
