import type { DelaySummary } from '../delay/measure-delay.js';
import type { Summary } from '../throughput/summary.js';
import type { Report } from './report.js';
import { alignedTable, markdownTable, type Table } from './table.js';

/** Below this, the app's process waited for something else for a large part of the run. */
const BUSY = 0.9;

const HOLDS: Record<Summary['refuses'], string> = { device: 'at once', all: '“all” at once', nothing: '–' };

/** The report for a terminal. */
export function renderText(report: Report): string {
  return render(withoutMarkup(report), alignedTable);
}

/** The report for a page of the documentation. */
export function renderMarkdown(report: Report): string {
  return render(report, markdownTable);
}

function render(report: Report, draw: (table: Table) => string): string {
  const parts = [draw(throughputTable(report.summary)), ...idle(report.summary)];
  if (report.delays.length > 0) parts.push(draw(delayTable(report.delays)));
  return [...parts, conditions(report)].join('\n\n');
}

function throughputTable(summary: readonly Summary[]): Table {
  const columns = [
    'guard',
    'a sign-out holds',
    'requests/s (min–max)',
    'p50 ms',
    'p99 ms',
    'CPU µs a request',
    '× no guard',
    '× stateless',
  ];
  const rows = summary.map(
    ({ title, refuses, requestsPerSecond: { median, min, max }, p50, p99, cpuPerRequest, ratio }) => [
      ...[title, HOLDS[refuses], `${whole(median)} (${whole(min)}–${whole(max)})`, p50.toFixed(1), p99.toFixed(1)],
      ...[whole(cpuPerRequest), share(ratio.open), share(ratio.stateless)],
    ],
  );
  return { columns, rows };
}

function delayTable(delays: readonly DelaySummary[]): Table {
  const columns = ['sign-out known everywhere', 'sign-outs', 'late', 'p50 ms', 'p99 ms', 'max ms', 'a call every ms'];
  const rows = delays.map(({ title, processes, revokes, late, p50, p99, max, interval }) => [
    ...[`${title}, ${processes} processes`, whole(revokes), whole(late)],
    ...[p50, p99, max, interval.p50].map((milliseconds) => milliseconds.toFixed(1)),
  ]);
  return { columns, rows };
}

/** Marks figures that are not of the app alone: load or database were the limit, or other processes used its core. */
function idle(summary: readonly Summary[]): string[] {
  const waiting = summary.filter(({ busy }) => busy < BUSY);
  const said = waiting.map(({ title, busy }) => `${title} (${Math.round(busy * 100)} %)`);
  return said.length > 0 ? [`The server's core was not busy all the time: ${said.join(', ')}.`] : [];
}

function conditions({ machine, options, notes }: Report): string {
  const { connections, sessions, seconds, rounds } = options;
  const { cpu, cores, memory, node, date } = machine;
  return [
    `${cpu}, ${cores} cores, ${memory}; Node ${node}; ${date.slice(0, 10)}; ${notes.join('; ')}.`,
    `${connections} connections, ${sessions} sessions, ${rounds} rounds of ${seconds} s; × is the median over the rounds of the shares of a baseline that took turns with it.`,
  ].join('\n');
}

function withoutMarkup(report: Report): Report {
  const plain = <T extends { title: string }>(row: T): T => ({ ...row, title: row.title.replaceAll('`', '') });
  return { ...report, summary: report.summary.map(plain), delays: report.delays.map(plain) };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function share(ratio: number | undefined): string {
  return ratio === undefined ? '–' : ratio.toFixed(2);
}
