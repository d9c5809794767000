import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/storage/sql/dialects/dialect.js';
import { mysql } from '../../src/storage/sql/dialects/mysql.js';
import { postgres } from '../../src/storage/sql/dialects/postgres.js';
import { sqlite } from '../../src/storage/sql/dialects/sqlite.js';
import type { SqlValue } from '../../src/storage/sql/sql-value.js';
import * as sql from '../../src/storage/sql/statements.js';
import { DATABASES } from '../support/databases.js';
import { type FilledDatabase, fillDatabase, sizeOf } from './filled-database.js';
import { NOW } from './rows.js';

const ROWS = process.env.SIZE === 'long' ? 500_000 : 10_000;
const PATIENCE = process.env.SIZE === 'long' ? 1_800_000 : 120_000;
const PRIMARY_KEYS = { sqlite: 'sqlite_autoindex_sessions_1', postgres: 'sessions_pkey', mysql: '"key":"PRIMARY"' };
const DIALECTS = { sqlite, postgres, mysql };
/** What a statement takes, as it stands in SQL. */
const USER = { userId: "'user-7'" };
const KEY = { guid: `'live-${'7'.padStart(31, '0')}'`, userId: "'user-0'" };
const LIVE = { at: NOW, idleBefore: 0 };
const ENDING = { ...LIVE, reason: "'revoked'" };
const SETTLING = { idleBefore: 0, idleTimeout: NOW };
const PLACE = { createdAt: NOW, guid: "'live-7'" };
const ROTATION = { ...KEY, ...LIVE, from: "'a'", to: "'b'", userAgent: "''", ip: "''" };
const CUTOFF = { ticket: 1, at: NOW, kept: "''" };
const DENIAL = { subject: "'session-7'", ticket: 0, kept: 'NULL', until: NOW };
const SUBJECTS = { session: "'session-7'", user: "'user-7'", everybody: "'everybody'" };
const DEAD = { deadBefore: NOW, idleBound: NOW };
const three = (kind: string) => [1, 2, 3].map((at) => `'${kind}-${at}'`);
const GUIDS = Array.from({ length: 100 }, (_, index) => `'live-${index}'`);

/** Every statement that meets the big tables, with values. */
const STATEMENTS: [string, (dialect: Dialect) => [text: string, values: readonly SqlValue[]]][] = [
  ['lock user', ({ lockUser }) => lockUser.with(USER)],
  ['cutoffs', () => sql.cutoffs('').with(USER)],
  ['marks', () => sql.MARKS.with({ ...USER, subject: "'session-7'" })],
  ['move cutoff', () => sql.MOVE_CUTOFF.with({ ...USER, ...CUTOFF })],
  ['keep no other', () => sql.KEEP_NO_OTHER.with({ ...USER, keep: "''" })],
  ['known', () => sql.KNOWN.with(KEY)],
  ['check', (dialect) => checkOf(dialect, 1)],
  ['check of many', (dialect) => checkOf(dialect, 8)],
  ['find', () => sql.FIND.with(KEY)],
  ['list live', ({ openOrder }) => sql.listLive(102, openOrder).with({ ...USER, ...LIVE, ...PLACE })],
  ['list ended', () => sql.listEnded(102).with({ ...USER, ...PLACE, end: NOW })],
  ['list over', () => sql.listOver(102).with({ ...USER, ...LIVE, ...SETTLING, ...PLACE, end: NOW })],
  ['list open after', ({ openOrder }) => sql.listOpenAfter(500, openOrder).with({ ...USER, ...PLACE })],
  ['list least active', () => sql.listLeastActive(3, 21).with({ ...USER, ...LIVE, except: "''" })],
  ['beyond', ({ openOrder }) => sql.beyond(999, openOrder).with({ ...USER, except: "''" })],
  ['list some', () => sql.listSome(500).with(USER)],
  ['rotate', () => sql.ROTATE.with(ROTATION)],
  ['rotate unless covered', rotateSpared],
  ['find unless covered', () => sql.FIND_SPARED.with(KEY)],
  ['mark used', () => sql.MARK_USED.with({ ...KEY, at: NOW, refTokID: "'a'" })],
  ['rename', () => sql.RENAME.with({ ...KEY, name: "'name'" })],
  ['end one', () => sql.END_ONE.with({ ...KEY, ...ENDING })],
  ['settle one', () => sql.SETTLE_ONE.with({ ...KEY, ...SETTLING })],
  ['lift', () => sql.LIFT.with({ ...KEY, ...LIVE, least: 0, ticket: 1 })],
  ['list after', () => sql.listAfter(500).with(PLACE)],
  ['end below', () => sql.endBelow(3).with({ ...ENDING, guids: three('live'), below: 1 })],
  ['end a batch below', () => sql.endBelow(100).with({ ...ENDING, guids: GUIDS, below: 1 })],
  ['settle below', () => sql.settleBelow(3).with({ ...SETTLING, guids: three('live'), below: 1 })],
  ['touch', () => sql.TOUCH.with({ ...KEY, ...LIVE, activeAt: NOW, userAgent: "''", ip: "''", due: NOW })],
  ['forget', () => sql.forget(3).with({ ...USER, guids: three('live') })],
  ['denials', () => sql.DENIALS.with(SUBJECTS)],
  ['deny', ({ deny }) => deny.with(DENIAL)],
  ['list due denials', () => sql.listDueDenials(1_000).with({ before: NOW + 7 })],
  ['delete denials', () => sql.deleteDenials(3).with({ subjects: three('session'), before: NOW })],
  ['list due', () => sql.listDue(1_000, '').with({ deadBefore: NOW - 86_400_000 * 44 })],
  ['delete dead', () => sql.deleteDead(3).with({ ...DEAD, guids: three('late') })],
  ['postpone', () => sql.postpone(3).with({ idle: 1, guids: three('late') })],
];

function checkOf({ check }: Dialect, sessions: number): [string, SqlValue[]] {
  return [check(sessions), Array.from({ length: sessions }, () => [KEY.guid, KEY.userId]).flat()];
}

/** MySQL has no RETURNING; the rest is explained there all the same. */
function rotateSpared({ returning }: Dialect): [string, SqlValue[]] {
  const [text, values] = sql.ROTATE_SPARED.with(ROTATION);
  return [returning ? text : text.replace(sql.RETURNING_REST, ''), values];
}

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
    async (_name, statement) => {
      expect(await fullScans(filledIn(statement))).toEqual([]);
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
    async (_name, statement) => {
      expect(await indexesOf(filledIn(statement))).toEqual([PRIMARY_KEYS[kind]]);
    },
    PATIENCE,
  );

  it.each(STATEMENTS.filter(([name]) => ['list live', 'list ended', 'list open after', 'beyond'].includes(name)))(
    '%s is in the order of its index: nothing is sorted, however many sessions a user has',
    async (_name, statement) => {
      const plan = JSON.stringify(await planOf(filledIn(statement)));
      expect(plan).toContain('sessions_of_user');
      expect(plan).not.toMatch(/filesort|Sort Key|TEMP B-TREE/);
    },
    PATIENCE,
  );

  /** The statement as this database takes it, with its values in it. */
  function filledIn(statement: (typeof STATEMENTS)[number][1]): string {
    const [text, values] = statement(dialect);
    let next = 0;
    const filled = text.replaceAll('?', () => String(values[next++]));
    expect(next).toBe(values.length);
    return dialect.write(filled);
  }

  async function planOf(statement: string): Promise<Record<string, unknown>[]> {
    const explain = kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    return (await database.outside.query(`${explain} ${statement}`)) as Record<string, unknown>[];
  }

  /** The indexes of the sessions a plan names. */
  async function indexesOf(statement: string): Promise<string[]> {
    const plan = JSON.stringify(await planOf(statement));
    return [...new Set(plan.match(/"key":"PRIMARY"|sessions_\w+|sqlite_autoindex_sessions_1/g))];
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
