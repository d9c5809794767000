/** What surrounds the rows: headings, cards, notices, buttons. */
export const frame = `
* { box-sizing: border-box; }
[hidden], :is(p, span, bdi):empty { display: none !important; }
p, ul, h2 { margin: 0; padding: 0; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }

.heading, .ended-heading, .name, .panel-title, .dialog-title { font-weight: 600; overflow-wrap: anywhere; }
.heading { font-size: 1.375em; }
.ended-heading { margin-block: 2.25em -0.5em; }
.lead, .panel-text, .dialog-text { color: var(--_soft); }
.lead { margin-block-start: 0.25em; }
.card, .dialog { border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_card); }
.card, .notice { margin-block-start: 1.25em; }
.card { overflow: hidden; list-style: none; }
.notice, .toast { padding: 0.75em 1em; border: 1px solid transparent; border-radius: var(--_small); }
.notice { background: color-mix(in srgb, orange 14%, var(--_card)); color: var(--session-list-warning, light-dark(#7a4d00, #ffcf7d)); }
.error { flex-basis: 100%; padding: 0.375em 1em; border-radius: var(--_small); background: var(--_danger-tint); color: var(--_danger); font-size: 0.875em; }

button, .input { min-height: 2.5em; padding: 0.375em 1em; border: 1px solid var(--_edge); border-radius: var(--_small); background: var(--_card); color: var(--_text); font: inherit; font-size: 0.875em; }
button { font-weight: 500; cursor: pointer; }
button:hover { background: var(--_fill); }
:is(.save, .confirm):hover { opacity: 0.85; }
button[aria-disabled="true"] { opacity: 0.6; }
.save.save { border-color: var(--_accent); background: var(--_accent); color: var(--_on-accent); }
.confirm.confirm { border-color: var(--_danger); background: var(--_danger); color: var(--_on-accent); }
.sign-out-all { color: var(--_danger); }
:is(.sign-out, .sign-out-all):hover { border-color: var(--_danger); background: var(--_danger-tint); color: var(--_danger); }
.rename, .show-all { border-color: transparent; background: none; }
.show-all { margin: 0.5em -1em; color: var(--_accent); }
.bulk, .dialog-buttons { display: flex; flex-wrap: wrap; gap: 0.5em; justify-content: end; margin-block-start: 1em; }

.panel { display: grid; gap: 0.5em; justify-items: center; padding: 2.5em 1.5em; text-align: center; text-wrap: balance; }
.toast { position: sticky; bottom: 1em; pointer-events: none; width: fit-content; margin: -4.125em auto 1em; background: var(--_text); color: var(--_card); box-shadow: 0 1em 3em #0004; }
`;
