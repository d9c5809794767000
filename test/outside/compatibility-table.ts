import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLERS } from './bundlers.js';
import { APPS, type AppRow, type Driver } from './matrix.js';
import { NODES } from './nodes.js';
import { RESOLUTIONS } from './type-resolution.js';

const OURS = 'node_modules';
const MODULES = { commonjs: 'CommonJS', module: 'ES modules' };
const RUNNERS = { jest: 'Jest', vitest: 'Vitest', 'node:test': '`node:test`' };
const DRIVERS: Record<Driver, string> = {
  '@prisma/client': 'Prisma',
  'drizzle-orm': 'Drizzle',
  mysql2: 'MariaDB by `mysql2`',
  'node:sqlite': '`node:sqlite`',
  pg: 'PostgreSQL by `pg`',
  typeorm: 'TypeORM',
  'typeorm-0.3': 'TypeORM',
};

/** The folders with the packages of Nest 11 and of Prisma. */
export interface Installed {
  readonly nest11: string;
  readonly prisma: string;
}

/** The table of the apps, as `docs/compatibility.md` has it. */
export function tableOfApps({ nest11, prisma }: Installed): string {
  const rows: AppRow[] = Object.values(APPS);
  return table(
    ['app', 'Node', 'Nest', 'modules', 'HTTP', 'tests by', 'sessions in'],
    rows.map((row) => {
      const packages = row.nest === 11 ? nest11 : OURS;
      return cellsOf(row, row.drivers.includes('@prisma/client') ? prisma : packages);
    }),
  );
}

/** The table of what makes pages and finds types. */
export function tableOfTools(nest11: string): string {
  const bundlers = Object.keys(BUNDLERS).map((name) => `${name} ${versionOf(OURS, name.toLowerCase())}`);
  const names = [...new Set(RESOLUTIONS.map(({ name }) => `\`${name}\``))];
  return table(
    ['part', 'with'],
    [
      ['`import` and `require` of every import', `Node ${NODES.join(', ')}`],
      ['`/client` and `/element` in a page, in Chromium', bundlers.join(', ')],
      [`types, with \`moduleResolution\` ${names.join(', ')}`, `TypeScript ${versionOf(nest11, 'typescript')}`],
    ],
  );
}

function cellsOf({ app, nodes, type, http, runner, drivers }: AppRow, packages: string): string[] {
  const nest = versionOf(packages, '@nestjs/core');
  const tests =
    runner === undefined ? '' : `${RUNNERS[runner]}${runner === 'node:test' ? '' : ` ${versionOf(packages, runner)}`}`;
  const kept = drivers.map(
    (driver) => DRIVERS[driver] + (driver.startsWith('node:') ? '' : ` ${versionOf(packages, driver)}`),
  );
  return [app, nodes.join(', '), nest, MODULES[type], http ?? '', tests, kept.join(', ') || 'memory'];
}

/** Major and minor, of what is installed. */
function versionOf(packages: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as { version: string };
  return version.split('.').slice(0, 2).join('.');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |').replace('|---|', '|---|'))
    .join('\n');
}
