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
  const bars = rows.map((row, index) => bar(row, TOP + index * (BAR + GAP)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Requests a second of each guard as a share of no guard">`,
    `<style>${STYLE}</style>`,
    '<text class="title" x="0" y="16">Requests a second, as a share of the same app without a guard</text>',
    legend('ours', 0, 'this library'),
    legend('other', 110, 'others'),
    legend('other late', 190, 'pale: a sign-out of one device does not hold at once'),
    ...bars,
    '</svg>',
  ].join('\n');
}

const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.figure{font-variant-numeric:tabular-nums}' +
  '.ours{fill:#1a7f37}.other{fill:#57606a}.late{opacity:.4}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#3fb950}.other{fill:#8b949e}}';

function bar({ title, app, refuses, share }: Summary & { share: number }, y: number): string {
  const width = Math.round(Math.min(share, 1) * (WIDTH - LABELS - FIGURES));
  const baseline = y + BAR - 5;
  return [
    `<text x="${LABELS - 8}" y="${baseline}" text-anchor="end">${escaped(title)}</text>`,
    `<rect class="${app === 'registry' ? 'ours' : 'other'}${refuses === 'device' ? '' : ' late'}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
    `<text class="figure" x="${LABELS + width + 6}" y="${baseline}">${share.toFixed(2)}</text>`,
  ].join('');
}

function legend(kind: string, x: number, text: string): string {
  return `<rect class="${kind}" x="${x}" y="30" width="12" height="12" rx="2"/><text x="${x + 18}" y="41">${text}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
