/** Columns and rows of cells; every column but the first holds figures. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A table for a terminal, in aligned columns. */
export function alignedTable({ columns, rows }: Table): string {
  const widths = columns.map((_, column) => Math.max(...[columns, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => padded(cell, column, widths)).join('   ');
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A table for a page of the documentation. */
export function markdownTable({ columns, rows }: Table): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const rule = `|${columns.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
