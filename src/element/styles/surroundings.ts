/** What depends on available space, pointer, motion, forced colors and printing. */
export const surroundings = `
@container (width < 34em) {
.device, .ended-device, .bones { padding-inline: 1em; }
.device { grid-template-columns: auto minmax(0, 1fr); gap: 0 0.75em; }
.title { display: grid; grid-template-columns: minmax(0, 1fr) auto; place-items: start; }
.badge { margin-block: 0.125em; }
.sign-out { grid-column: 2; justify-self: start; margin-block-start: 1em; }
.facts:last-child > time { display: block; }
.facts:last-child > .dot { display: none; }
.ended-at { grid-area: 3 / 2; }
.bulk { flex-direction: column; }
}
@media (pointer: coarse) {
button, .input { min-height: 44px; }
.rename { min-width: 44px; margin-block: -0.5em; }
}
@media (prefers-reduced-motion: reduce) {
.fresh { animation-timing-function: step-end; }
}
@media (forced-colors: active) {
.badge, .notice, .toast { border-color: currentColor; }
.alarm { border-inline-start: 4px solid; }
}
@media print {
button, .toast { display: none; }
}
`;
