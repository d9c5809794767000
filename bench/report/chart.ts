import type { Summary } from '../throughput/summary.js';
import type { Drawn } from './drawn.js';

const [WIDTH, MARGIN, BAR, GAP, LABELS, FIGURES] = [860, 16, 20, 10, 390, 56];
const TOP = 84;

type Bar = Pick<Summary, 'app' | 'refuses'> & Drawn & { share: number };

/** A bar for each guard of the list: its rate as a share of the same app without one. For light and dark pages. */
export function drawChart(summary: readonly Summary[], drawn: readonly Drawn[]): string {
  const bars = barsOf(summary, drawn);
  const height = TOP + bars.length * (BAR + GAP) - GAP + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Requests a second with each guard, as a share of the same app without a guard">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>`,
    `<text class="title" x="${MARGIN}" y="30">Requests a second, where the same app without a guard is 100 %. Longer is faster.</text>`,
    legend('ours', MARGIN, 'this library'),
    legend('other', 126, 'others'),
    legend('other late', 200, 'pale: a device that was signed out still gets in until its token expires'),
    ...bars.map((one, index) => bar(one, TOP + index * (BAR + GAP))),
    '</svg>',
  ].join('\n');
}

/** The fastest first. The app without a guard is always 100 %, because the others are shares of its rate. */
function barsOf(summary: readonly Summary[], drawn: readonly Drawn[]): Bar[] {
  const bars = drawn.flatMap(({ id, label }) => {
    const row = summary.find((one) => one.id === id);
    const share = id === 'no-guard' ? 1 : row?.ratio.open;
    return row === undefined || share === undefined ? [] : [{ ...row, label, share }];
  });
  return bars.sort((one, other) => other.share - one.share);
}

const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-size:15px;font-weight:600}.figure{font-weight:600;font-variant-numeric:tabular-nums}' +
  '.page{fill:#fff}.ours{fill:#1a7f37}.other{fill:#57606a}.open{fill:none;stroke:#57606a}.late{opacity:.45}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.ours{fill:#3fb950}.other{fill:#8b949e}.open{stroke:#8b949e}}';

function bar({ id, label, app, refuses, share }: Bar, y: number): string {
  const width = Math.round(Math.min(share, 1) * (WIDTH - LABELS - FIGURES));
  const baseline = y + BAR - 6;
  const owner = app.startsWith('registry') ? 'ours' : 'other';
  const kind = id === 'no-guard' ? 'open' : refuses === 'device' ? owner : `${owner} late`;
  return [
    `<text x="${LABELS - 10}" y="${baseline}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="${kind}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
    `<text class="figure" x="${LABELS + width + 6}" y="${baseline}">${Math.round(share * 100)} %</text>`,
  ].join('');
}

function legend(kind: string, x: number, text: string): string {
  return `<rect class="${kind}" x="${x}" y="48" width="12" height="12" rx="2"/><text x="${x + 18}" y="59">${text}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
