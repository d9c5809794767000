import type { Summary } from '../throughput/summary.js';

const [WIDTH, BAR, GAP, LABELS, FIGURES] = [860, 18, 6, 330, 110];
const TOP = 56;

/** A bar for each guard: its rate as a share of the same app without one. For light and dark pages. */
export function drawChart(summary: readonly Summary[]): string {
  const rows = summary
    .flatMap((row) => (row.ratio.open === undefined ? [] : [{ ...row, share: row.ratio.open }]))
    .filter(({ title }) => !title.startsWith('no guard'))
    .sort((one, other) => other.share - one.share);
  const height = TOP + rows.length * (BAR + GAP) + 12;
  const bars = rows.map(({ title, refuses, share }, index) => bar(title, refuses, share, TOP + index * (BAR + GAP)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Requests a second of each guard as a share of no guard">`,
    `<style>${STYLE}</style>`,
    '<text class="title" x="0" y="16">Requests a second, as a share of the same app without a guard</text>',
    legend('strict', 0, 'a sign-out holds at once'),
    legend('other', 190, '“all” at once, or not before the token ends'),
    ...bars,
    '</svg>',
  ].join('\n');
}

const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.figure{font-variant-numeric:tabular-nums}' +
  '.strict{fill:#1a7f37}.other{fill:#8c959f}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.strict{fill:#3fb950}.other{fill:#6e7681}}';

function bar(title: string, refuses: Summary['refuses'], share: number, y: number): string {
  const width = Math.round(Math.min(share, 1) * (WIDTH - LABELS - FIGURES));
  const baseline = y + BAR - 5;
  return [
    `<text x="${LABELS - 8}" y="${baseline}" text-anchor="end">${escaped(title)}</text>`,
    `<rect class="${refuses === 'device' ? 'strict' : 'other'}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
    `<text class="figure" x="${LABELS + width + 6}" y="${baseline}">${share.toFixed(2)}</text>`,
  ].join('');
}

function legend(kind: string, x: number, text: string): string {
  return `<rect class="${kind}" x="${x}" y="30" width="12" height="12" rx="2"/><text x="${x + 18}" y="41">${text}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
