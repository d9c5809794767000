import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysql, postgres, sqlite } from '../../src/storage/typeorm/dialect.js';
import * as sql from '../../src/storage/typeorm/statements.js';
import { DATABASES } from '../support/databases.js';
import { type FilledDatabase, fillDatabase, sizeOf } from './filled-database.js';
import { NOW } from './rows.js';

const ROWS = process.env.SIZE === 'long' ? 500_000 : 10_000;
const PATIENCE = process.env.SIZE === 'long' ? 1_800_000 : 120_000;
const PRIMARY_KEYS = { sqlite: 'sqlite_autoindex_sessions_1', postgres: 'PK_', mysql: '"key":"PRIMARY"' };
const DIALECTS = { sqlite, postgres, mysql };
const KEY = [`'live-${'7'.padStart(31, '0')}'`, "'user-0'"];
const LIVE = [NOW, 0];
const ENDING = [NOW, "'revoked'", NOW];

const SETTLE = [0, NOW, 0, NOW, NOW, 0, NOW, NOW];

const GUIDS = Array.from({ length: 100 }, (_, index) => `'live-${index}'`);

/** Every statement that meets the big tables, with values. */
const STATEMENTS: [string, string, (string | number)[]][] = [
  ['lock user', '', ["'user-7'"]],
  ['cutoffs', sql.CUTOFFS, ["'user-7'"]],
  ['marks', sql.MARKS, ["'user-7'", "'session-7'"]],
  ['move cutoff', sql.MOVE_CUTOFF, [1, NOW, "''", "'user-7'", 1]],
  ['keep no other', sql.KEEP_NO_OTHER, ["'user-7'", "''"]],
  ['known', sql.KNOWN, KEY],
  ['check', 'check', KEY],
  ['check of many', 'check', [...KEY, ...KEY, ...KEY, ...KEY, ...KEY, ...KEY, ...KEY, ...KEY]],
  ['find', sql.FIND, KEY],
  ['list open', sql.LIST_OPEN, ["'user-7'"]],
  ['list ended', sql.LIST_ENDED, ["'user-7'"]],
  ['list least active', sql.listLeastActive(3), ["'user-7'", "''", ...LIVE]],
  ['rotate', sql.ROTATE, ["'b'", "'a'", NOW, NOW, "''", "''", ...KEY, "'a'", ...LIVE]],
  ['mark used', sql.MARK_USED, [NOW, ...KEY, "'a'"]],
  ['rename', sql.RENAME, ["'name'", ...KEY]],
  ['end one', sql.END_ONE, [...ENDING, ...KEY, ...LIVE]],
  ['end all', sql.END_ALL, [...ENDING, "'user-7'", "''", 1, ...LIVE]],
  ['settle one', sql.SETTLE_ONE, [...SETTLE, ...KEY]],
  ['settle all', sql.SETTLE_ALL, [...SETTLE, "'user-7'", "''", 1]],
  ['lift', sql.LIFT, [1, ...KEY, 0, 1, ...LIVE]],
  ['list after', sql.listAfter(500), ["'live-7'"]],
  ['end below', sql.endBelow(3), [...ENDING, "'live-1'", "'live-2'", "'live-3'", 1, ...LIVE]],
  ['end a batch below', sql.endBelow(100), [...ENDING, ...GUIDS, 1, ...LIVE]],
  ['settle below', sql.settleBelow(3), [...SETTLE, "'live-1'", "'live-2'", "'live-3'", 1]],
  ['touch', sql.TOUCH, [NOW, "''", "''", ...KEY, ...LIVE, NOW]],
  ['forget', sql.FORGET, ["'user-7'"]],
  ['denials', sql.DENIALS, ["'session-7'", "'user-7'", "'everybody'"]],
  ['deny', '', ["'session-7'", 0, 'NULL', NOW]],
  ['list due denials', sql.listDueDenials(1_000), [NOW + 7]],
  ['delete denials', sql.deleteDenials(3), ["'session-1'", "'session-2'", "'session-3'", NOW]],
  ['list due', sql.listDue(1_000, ''), [NOW - 86_400_000 * 44]],
  ['delete dead', sql.deleteDead(3), ["'late-1'", "'late-2'", "'late-3'", NOW, NOW, NOW]],
  ['postpone', sql.postpone(3), [1, 1, "'late-1'", "'late-2'", "'late-3'"]],
];

describe.each(DATABASES)(`with ${2 * ROWS} rows on %s`, (kind) => {
  let database: FilledDatabase;
  const dialect = DIALECTS[kind];

  beforeAll(async () => {
    database = await fillDatabase(kind, ROWS);
    const megabytes = Math.round((await sizeOf(database)) / 1024 / 1024);
    // As where nearly everybody has one session, and somebody thousands.
    if (kind === 'postgres') {
      await database.outside.query('ALTER TABLE sessions ALTER "userId" SET (n_distinct = -1)');
      await database.outside.query('ANALYZE sessions');
    }
    process.stdout.write(`      ${kind}: ${2 * ROWS} rows and their indexes take ${megabytes} MB\n`);
  }, PATIENCE);
  afterAll(() => database.drop(), PATIENCE);

  it.each(STATEMENTS)(
    '%s walks an index',
    async (name, statement, values) => {
      let next = 0;
      const text = textOf(name, statement, values).replaceAll('?', () => String(values[next++]));
      expect(next).toBe(values.length);
      const written = text.replaceAll('"', kind === 'mysql' ? '`' : '"');
      expect(await fullScans(written)).toEqual([]);
    },
    PATIENCE,
  );

  const oneSession = [
    'known',
    'check',
    'check of many',
    'find',
    'rotate',
    'mark used',
    'rename',
    'end one',
    'settle one',
  ];
  it.each(STATEMENTS.filter(([name]) => [...oneSession, 'lift', 'touch'].includes(name)))(
    '%s walks the primary key, since a user may have thousands of sessions',
    async (name, statement, values) => {
      let next = 0;
      const text = textOf(name, statement, values).replaceAll('?', () => String(values[next++]));
      expect(await indexesOf(text.replaceAll('"', kind === 'mysql' ? '`' : '"'))).toEqual([PRIMARY_KEYS[kind]]);
    },
    PATIENCE,
  );

  /** Some are the dialect's own. */
  function textOf(name: string, statement: string, values: readonly unknown[]): string {
    if (statement === 'check') return dialect.check(values.length / 2);
    return statement || (name === 'deny' ? dialect.deny : dialect.lockUser);
  }

  async function planOf(statement: string): Promise<Record<string, unknown>[]> {
    const explain = kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    return (await database.outside.query(`${explain} ${statement}`)) as Record<string, unknown>[];
  }

  /** The indexes of the sessions a plan names. */
  async function indexesOf(statement: string): Promise<string[]> {
    const plan = JSON.stringify(await planOf(statement));
    return [...new Set(plan.match(/PK_|"key":"PRIMARY"|sessions_\w+|sqlite_autoindex_sessions_1/g))];
  }

  /** The lines of the plan that read a whole table. */
  async function fullScans(statement: string): Promise<string[]> {
    const rows = await planOf(statement);
    if (kind === 'mysql')
      return rows
        .filter(({ table }) => !String(table).startsWith('<derived'))
        .filter(({ type, select_type }) => select_type !== 'INSERT' && (type === 'ALL' || type === 'index'))
        .map((row) => JSON.stringify(row));
    return rows
      .flatMap((row) => Object.values(row).map(String))
      .filter((line) => /Seq Scan|^SCAN (?!.*USING INDEX|asked|.*CONSTANT ROW)/.test(line));
  }
});
