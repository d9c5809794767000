import { describe, expect, it } from 'vitest';
import { resolveTables, type TableOptions } from '../../src/options/tables-option.js';
import { postgresWith } from '../../src/storage/sql/dialects/postgres.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { DEFAULT_TABLES, TableNames } from '../../src/storage/sql/table-names.js';

describe('the option `tables`', () => {
  it.each<TableOptions>([
    {},
    { schema: 'auth' },
    { prefix: 'p'.repeat(36) },
    { schema: 'Other Schema', prefix: 'A_1' },
  ])('takes %j', (given) => expect(resolveTables(given)).toEqual(given));

  it.each([
    ['tables.prefix', { prefix: 'p'.repeat(37) }],
    ['tables.prefix', { prefix: 'a-b' }],
    ['tables.prefix', { prefix: '1a' }],
    ['tables.prefix', { prefix: 7 }],
    ['tables.schema', { schema: 's'.repeat(64) }],
    ['tables.schema', { schema: 'a"b' }],
    ['tables.schema', { schema: '' }],
    ['tables.scheme', { scheme: 'auth' }],
    ['tables', 'auth'],
  ])('refuses another %s: %j', (option, given) => {
    expect(() => resolveTables(given as TableOptions)).toThrow(`option \`${option}\``);
  });

  it('has no schema on SQLite', async () => {
    const database = { type: 'better-sqlite3', database: ':memory:' } as const;
    const opening = openDatabase({ database, migrate: true, timeout: 1_000, tables: { schema: 'auth' } });
    await expect(opening).rejects.toThrow('option `tables.schema`: SQLite has no schemas');
  });
});

describe('the names of the tables', () => {
  const named = new TableNames({ schema: 'auth', prefix: 'p_' });

  it('stand in a statement where the library means its own tables, and nowhere else', () => {
    const { write } = postgresWith(named);
    expect(write('SELECT "@sessions"."guid" FROM "@sessions", "sessions" WHERE "guid" = ?')).toBe(
      'SELECT "auth"."p_sessions"."guid" FROM "auth"."p_sessions", "sessions" WHERE "guid" = $1',
    );
  });

  it('have locks and channels of their own, and share those of the default names with nobody', () => {
    const other = new TableNames({ prefix: 'p_' });
    expect(new Set([DEFAULT_TABLES, named, other].map((tables) => tables.lock(7))).size).toBe(3);
    expect(new Set([DEFAULT_TABLES, named, other].map((tables) => tables.shared('changes'))).size).toBe(3);
    expect([DEFAULT_TABLES.lock(7), DEFAULT_TABLES.shared('changes')]).toEqual([7, 'changes']);
    expect(new TableNames({ schema: 'public' }).lock(7)).toBe(7);
  });
});
