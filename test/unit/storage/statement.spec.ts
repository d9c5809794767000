import { describe, expect, it } from 'vitest';
import { many, raw, sql, writtenOnce } from '../../../src/storage/sql/statement.js';

describe('a statement', () => {
  it('gives its text and its values in the order in which it takes them', () => {
    const statement = sql`SELECT "a" FROM "t" WHERE "guid" = ${'guid'} AND "userId" = ${'userId'}`;
    const [text, values] = statement.with({ userId: 'ada', guid: 'one' });
    expect(text).toBe('SELECT "a" FROM "t" WHERE "guid" = ? AND "userId" = ?');
    expect(values).toEqual(['one', 'ada']);
  });

  it('takes a value twice where it names it twice', () => {
    const statement = sql`UPDATE "t" SET "a" = ${'at'}, "b" = ${'kept'} WHERE "a" < ${'at'}`;
    expect(statement.with({ at: 7, kept: null })).toEqual([
      'UPDATE "t" SET "a" = ?, "b" = ? WHERE "a" < ?',
      [7, null, 7],
    ]);
  });

  it('takes no more of an object than it names', () => {
    const session = { guid: 'one', userId: 'ada', suspicion: { at: 7 } };
    expect(sql`WHERE "guid" = ${'guid'}`.with(session)[1]).toEqual(['one']);
  });

  it('leaves colons alone, in quotes and in casts', () => {
    const statement = sql`SELECT ':guid', 'at 12:30', "n"::bigint, "at"::text FROM "t" WHERE "n" = ${'n'}::int`;
    const text = `SELECT ':guid', 'at 12:30', "n"::bigint, "at"::text FROM "t" WHERE "n" = ?::int`;
    expect(statement.with({ n: 1 })).toEqual([text, [1]]);
  });

  it('is one line, however it is written', () => {
    const key = sql`
      "guid" = ${'guid'}
        AND "userId" = ${'userId'}`;
    const text = 'SELECT "a" FROM "t" WHERE "guid" = ? AND "userId" = ? LIMIT 3';
    const statement = sql`
      SELECT "a" FROM "t"
      WHERE ${key}
      LIMIT ${3}`;
    expect(statement.text).toBe(text);
  });

  it('is put together of parts, with the values of each in its place', () => {
    const key = sql`"guid" = ${'guid'} AND "userId" = ${'userId'}`;
    const find = sql`SELECT ${raw('"a", "b"')} FROM "t" WHERE ${key}`;
    const statement = sql`${find} AND "a" > ${'at'}${raw('')}`;
    expect(statement.with({ at: 7, guid: 'one', userId: 'ada' })).toEqual([
      'SELECT "a", "b" FROM "t" WHERE "guid" = ? AND "userId" = ? AND "a" > ?',
      ['one', 'ada', 7],
    ]);
  });

  it('needs no names if it takes no values', () => {
    expect(sql`SELECT 1`.with({})).toEqual(['SELECT 1', []]);
  });

  it('has types that refuse a name it does not know, and miss one that is left out', () => {
    const statement = sql`SELECT "a" FROM "t" WHERE "guid" = ${'guid'} AND "n" IN (${many('numbers', 2)})`;
    const wrong = () => {
      // @ts-expect-error: it takes no `userId`
      statement.with({ guid: 'one', numbers: [1, 2], userId: 'ada' });
      // @ts-expect-error: it takes a `guid`
      statement.with({ numbers: [1, 2] });
      // @ts-expect-error: it takes `numbers`
      statement.with({ guid: 'one' });
      // @ts-expect-error: there are many of them
      statement.with({ guid: 'one', numbers: 1 });
      // @ts-expect-error: no value of SQL
      statement.with({ guid: new Date(), numbers: [1, 2] });
    };
    expect(wrong).toBeDefined();
  });

  it.each(['"guid"', 'a, b', '', ' LOCK IN SHARE MODE', '1'])('is refused where %j is put in for a name', (text) => {
    expect(() => sql`SELECT "a" FROM "t" WHERE "guid" = ${text}`).toThrow(`"${text}" is not a valid name for a value`);
  });

  it('is refused with a bare ?, which has no name', () => {
    expect(() => sql`SELECT "a" FROM "t" WHERE "guid" = ?`).toThrow('A bare ? has no name');
  });
});

describe('a list in a statement', () => {
  const statement = sql`DELETE FROM "t" WHERE "guid" IN (${many('guids', 3)}) AND "n" < ${'n'}`;

  it('is filled up to its size, so that lists of any length run one statement', () => {
    const text = 'DELETE FROM "t" WHERE "guid" IN (?, ?, ?) AND "n" < ?';
    expect(statement.with({ guids: ['a', 'b', 'c'], n: 1 })).toEqual([text, ['a', 'b', 'c', 1]]);
    expect(statement.with({ guids: ['a'], n: 1 })).toEqual([text, ['a', '', '', 1]]);
    expect(statement.with({ guids: [], n: 1 })).toEqual([text, ['', '', '', 1]]);
  });

  it('is refused if it is longer', () => {
    const guids = ['a', 'b', 'c', 'd'];
    expect(() => statement.with({ guids, n: 1 })).toThrow('"guids" has 4 values, but the statement takes at most 3');
  });
});

describe('a statement of several sizes', () => {
  it('is written once for each', () => {
    let written = 0;
    const list = writtenOnce((limit: number, lock: string) => {
      written += 1;
      return sql`SELECT "a" FROM "t" WHERE "n" < ${'n'} LIMIT ${limit}${raw(lock)}`;
    });
    expect(list(3, '').text).toBe('SELECT "a" FROM "t" WHERE "n" < ? LIMIT 3');
    expect(list(3, ' FOR UPDATE').text).toBe('SELECT "a" FROM "t" WHERE "n" < ? LIMIT 3 FOR UPDATE');
    expect(list(3, '')).toBe(list(3, ''));
    expect(list(4, '').with({ n: 1 })).toEqual(['SELECT "a" FROM "t" WHERE "n" < ? LIMIT 4', [1]]);
    expect(written).toBe(3);
  });
});
