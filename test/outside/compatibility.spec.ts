import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { tableOfApps, tableOfTools } from './compatibility-table.js';
import { APPS, type AppRow } from './matrix.js';
import { NODES } from './nodes.js';

const PAGE = readFileSync('docs/compatibility.md', 'utf8');
/** What shows in the sources of an app that it uses something. */
const EVIDENCE: Record<string, RegExp> = {
  pg: /from 'pg'|type: 'postgres'/,
  typeorm: /type: 'postgres'/,
  'typeorm-0.3': /from 'typeorm'/,
  'drizzle-orm': /from 'drizzle-orm/,
  '@prisma/client': /from '@prisma\/adapter-pg'/,
};

it('the table of apps says what is run', () => {
  expect(PAGE).toContain(tableOfApps({ nest11: inject('nest11'), prisma: inject('prisma') }));
});

it('the table of parts says what is run', () => {
  expect(PAGE).toContain(tableOfTools(inject('nest11')));
});

it.each<AppRow>(Object.values(APPS))('the app $app uses what its line says, and no other database', (row) => {
  const text = sourcesOf(row.sources);
  for (const used of row.drivers) expect(text).toMatch(EVIDENCE[used] ?? new RegExp(`from '${used}'`));
  const others = ['pg', 'mysql2', 'typeorm', 'node:sqlite', 'drizzle-orm', '@prisma/client'].filter(
    (name) => !namedBy(row).includes(name),
  );
  for (const other of others) expect(text).not.toContain(`from '${other}`);
  expect(/new FastifyAdapter\(/.test(text)).toBe(row.http === 'Fastify');
});

it('the oldest Node is the one that the package asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${NODES[0]}`);
});

function namedBy({ drivers }: AppRow): string[] {
  return drivers.map((driver) => driver.replace('-0.3', ''));
}

function sourcesOf(folder: string): string {
  const names = readdirSync(join('test/outside', folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join('test/outside', folder, name), 'utf8')).join('\n');
}
