import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawChart } from './chart.js';
import { renderMarkdown } from './render.js';
import type { Report } from './report.js';

/** Writes the report as JSON with every round, as markdown and as a chart; gives the names of the files. */
export function writeReport(report: Report, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const chart = drawChart(report.summary);
  const files = { json: JSON.stringify(report, null, 2), md: renderMarkdown(report), svg: chart };
  return Object.entries(files).map(([ending, text]) => {
    const file = join(folder, `${report.name}.${ending}`);
    writeFileSync(file, `${text}\n`);
    return file;
  });
}
