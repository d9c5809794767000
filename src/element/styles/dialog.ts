/** The dialog that asks before something is ended. */
export const dialog = `
.dialog { width: min(26em, 100vw - 2em); padding: 1.5em; color: var(--_text); box-shadow: 0 1em 3em #0004; }
.dialog::backdrop { background: #0007; }
.dialog-title { font-size: 1.125em; }
.dialog-text { margin-block: 0.5em 1em; }
`;
