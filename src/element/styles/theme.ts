/** Colors and sizes: the values that a page may set, and their defaults for the color scheme of the page. */
export const theme = `
:host {
--_accent: var(--session-list-accent, light-dark(#3451d1, #9aacff));
--_on-accent: var(--session-list-on-accent, light-dark(#fff, #10152c));
--_text: var(--session-list-text, light-dark(#171a21, #eceef2));
--_soft: var(--session-list-soft, light-dark(#5a6272, #a3abba));
--_card: var(--session-list-card, light-dark(#fff, #1a1d24));
--_line: var(--session-list-line, light-dark(#e3e6eb, #2d323d));
--_danger: var(--session-list-danger, light-dark(#b3261e, #ff9a92));
--_radius: var(--session-list-radius, 0.75em);
--_small: calc(var(--_radius) * 0.75);
--_edge: color-mix(in srgb, var(--_soft) 40%, var(--_card));
--_fill: color-mix(in srgb, var(--_soft) 9%, var(--_card));
--_tint: color-mix(in srgb, var(--_accent) 9%, var(--_card));
--_danger-tint: color-mix(in srgb, var(--_danger) 9%, var(--_card));
display: block;
container-type: inline-size;
color: var(--_text);
line-height: 1.5;
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
`;
