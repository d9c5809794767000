import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysql } from '../../src/storage/sql/dialects/mysql.js';
import { postgres } from '../../src/storage/sql/dialects/postgres.js';
import { sqlite } from '../../src/storage/sql/dialects/sqlite.js';
import * as sql from '../../src/storage/sql/statements.js';
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

const PLACE = [NOW, NOW, "'live-7'"];
const ROTATION = ["'b'", "'a'", NOW, NOW, "''", "''", ...KEY, "'a'", ...LIVE];

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
  ['list live', 'list live', ["'user-7'", ...LIVE, ...PLACE]],
  ['list ended', sql.listEnded(102), ["'user-7'", NOW, NOW, ...PLACE]],
  ['list over', sql.listOver(102), [0, NOW, NOW, "'user-7'", NOW, 0, NOW, NOW, ...PLACE]],
  ['list open after', 'list open after', ["'user-7'", ...PLACE]],
  ['list least active', sql.listLeastActive(3, 21), ["'user-7'", "''", ...LIVE]],
  ['beyond', 'beyond', ["'user-7'", "''"]],
  ['list some', sql.listSome(500), ["'user-7'"]],
  ['rotate', sql.ROTATE, ROTATION],
  ['rotate unless covered', 'rotate', [...ROTATION, "'user-0'"]],
  ['find unless covered', sql.FIND_SPARED, [...KEY, "'user-0'"]],
  ['mark used', sql.MARK_USED, [NOW, ...KEY, "'a'"]],
  ['rename', sql.RENAME, ["'name'", ...KEY]],
  ['end one', sql.END_ONE, [...ENDING, ...KEY, ...LIVE]],
  ['settle one', sql.SETTLE_ONE, [...SETTLE, ...KEY]],
  ['lift', sql.LIFT, [1, ...KEY, 0, 1, ...LIVE]],
  ['list after', sql.listAfter(500), ["'live-7'"]],
  ['end below', sql.endBelow(3), [...ENDING, "'live-1'", "'live-2'", "'live-3'", 1, ...LIVE]],
  ['end a batch below', sql.endBelow(100), [...ENDING, ...GUIDS, 1, ...LIVE]],
  ['settle below', sql.settleBelow(3), [...SETTLE, "'live-1'", "'live-2'", "'live-3'", 1]],
  ['touch', sql.TOUCH, [NOW, "''", "''", ...KEY, ...LIVE, NOW]],
  ['forget', sql.forget(3), ["'user-7'", "'live-1'", "'live-2'", "'live-3'"]],
  ['denials', sql.DENIALS, ["'session-7'", "'user-7'", "'everybody'"]],
  ['deny', '', ["'session-7'", 0, 'NULL', NOW]],
  ['list due denials', sql.listDueDenials(1_000), [NOW + 7]],
  ['delete denials', sql.deleteDenials(3), ["'session-1'", "'session-2'", "'session-3'", NOW]],
  ['list due', sql.listDue(1_000, ''), [NOW - 86_400_000 * 44]],
  ['delete dead', sql.deleteDead(3), ["'late-1'", "'late-2'", "'late-3'", NOW, NOW, NOW]],
  ['postpone', sql.postpone(3), [1, 1, "'late-1'", "'late-2'", "'late-3'"]],
];

/** Those that are ordered as the dialect wants it. */
const IN_ORDER: Record<string, (first: sql.OpenOrder) => string> = {
  'list live': (first) => sql.listLive(102, first),
  'list open after': (first) => sql.listOpenAfter(500, first),
  beyond: (first) => sql.beyond(999, first),
};

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
    'rotate unless covered',
    'find unless covered',
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

  it.each(STATEMENTS.filter(([name]) => ['list live', 'list ended', 'list open after', 'beyond'].includes(name)))(
    '%s is in the order of its index: nothing is sorted, however many sessions a user has',
    async (name, statement, values) => {
      let next = 0;
      const text = textOf(name, statement, values).replaceAll('?', () => String(values[next++]));
      const plan = JSON.stringify(await planOf(text.replaceAll('"', kind === 'mysql' ? '`' : '"')));
      expect(plan).toContain('sessions_of_user');
      expect(plan).not.toMatch(/filesort|Sort Key|TEMP B-TREE/);
    },
    PATIENCE,
  );

  /** Some are the dialect's own. */
  function textOf(name: string, statement: string, values: readonly unknown[]): string {
    if (statement === 'check') return dialect.check(values.length / 2);
    const inOrder = IN_ORDER[statement]?.(dialect.openOrder);
    if (inOrder) return inOrder;
    // MySQL has no RETURNING; the rest is explained there all the same.
    if (statement === 'rotate')
      return dialect.returning ? sql.ROTATE_SPARED : sql.ROTATE_SPARED.replace(sql.RETURNING_REST, '');
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
