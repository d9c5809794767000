import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawChart } from './chart.js';
import type { Drawn } from './drawn.js';
import { renderMarkdown } from './render.js';
import type { Report } from './report.js';

/** Writes the report as JSON with every round, as markdown and, of what is drawn, as a chart; returns the file names. */
export function writeReport(report: Report, folder: string, drawn: readonly Drawn[]): string[] {
  mkdirSync(folder, { recursive: true });
  const chart = drawn.length > 0 ? { svg: drawChart(report.summary, drawn) } : {};
  const files = { json: JSON.stringify(report, null, 2), md: renderMarkdown(report), ...chart };
  return Object.entries(files).map(([ending, text]) => {
    const file = join(folder, `${report.name}.${ending}`);
    writeFileSync(file, `${text}\n`);
    return file;
  });
}
