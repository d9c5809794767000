/** The rows of both lists, and their outline. */
export const rows = `
.icon { width: 2.5em; height: 2.5em; padding: 0.5em; border-radius: var(--_small); background: var(--_fill); color: var(--_soft); fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
rect { rx: 2px; }
.device, .ended-device, .bones { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 1em; align-items: center; padding: 1.125em 1.25em; }
li + li, .bones + .bones { border-block-start: 1px solid var(--_line); }
li:focus-visible { outline-offset: -4px; }
li > .icon { align-self: start; }
.current > .icon, .badge { background: var(--_tint); color: var(--_accent); }

.title { display: flex; gap: 0 0.25em; align-items: center; }
.badge { padding: 0 0.5em; border: 1px solid transparent; border-radius: 1em; font-size: 0.75em; font-weight: 600; white-space: nowrap; }
.rename { display: grid; place-items: center; min-width: 2em; min-height: 2em; margin-block: -0.25em; padding: 0; font-size: 1em; }
.rename .icon { width: 1.125em; height: 1.125em; padding: 0; background: none; }
.facts, .ended-at, .reason { color: var(--_soft); font-size: 0.875em; }
.facts > * { display: inline-block; white-space: pre-wrap; }
:empty + .dot, .dot:has(+ :empty) { display: none; }
.now { color: var(--session-list-good, light-dark(#18794a, #6fd6a0)); font-weight: 500; }

.editing .what { grid-column: 2 / -1; }
.rename-form { display: flex; flex-wrap: wrap; gap: 0.5em; margin-block-end: 0.5em; }
.input { flex: 1 1 12em; min-width: 0; border-color: var(--_soft); font-size: 1em; }
.input[aria-invalid="true"] { border-color: var(--_danger); }

.ended-device { gap: 0 0.75em; align-items: baseline; padding-block: 0.875em; }
.ended-device > .icon { grid-row: 1 / 4; width: 1.5em; height: 1.5em; padding: 0; background: none; }
.ended-device .name { justify-self: start; font-weight: 500; }
.reason { grid-column: 2 / 4; }
.alarm { background: var(--_danger-tint); }
.hint { font-size: 0.875em; }
.hint, .alarm > :is(.icon, .reason) { color: var(--_danger); font-weight: 500; }

.fresh { animation: fresh 3s; }
@keyframes fresh { 0%, 40% { background: var(--_tint); } }
.skeleton { animation: appear 0.3s 0.15s both; }
@keyframes appear { 0% { opacity: 0; } }
.bones { height: 6.5em; }
.bones::before, .bones::after { width: 2.5em; height: 2.5em; margin-block-end: auto; border-radius: var(--_small); background: var(--_fill); content: ""; }
.bones::after { width: 50%; height: 0.75em; margin-block-start: 0.375em; box-shadow: 0 1.375em var(--_fill), 0 2.75em var(--_fill); }
`;
