import { beforeEach, describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/storage/sql/dialects/sqlite.js';
import type { SqlDatabase } from '../../../src/storage/sql/sql-database.js';
import type { SqlRow, SqlValue } from '../../../src/storage/sql/sql-value.js';
import { StateReads } from '../../../src/storage/sql/state-reads.js';

const rowAt = (at: number, endedAt: number | null = null): SqlRow => ({
  ...{ at, refTokID: 'a', predecessor: null, rotatedAt: null, usedAt: null },
  ...{ lastActiveAt: '1', expiresAt: '2', endedAt, endReason: null },
});

/** A database that holds its answers back until they are asked for. */
class SlowDatabase implements SqlDatabase {
  readonly dialect = sqlite;
  readonly ordinary = this;
  readonly bulk = this;
  readonly queries: { sql: string; values: readonly SqlValue[]; answer(rows: SqlRow[]): void; fail(): void }[] = [];

  rows(sql: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return new Promise((answer, reject) => {
      this.queries.push({ sql, values, answer, fail: () => reject(new Error('away')) });
    });
  }
  run(): Promise<number> {
    throw new Error('reading changes nothing');
  }
  transaction<T>(): Promise<T> {
    throw new Error('reading needs no transaction');
  }
}

const turn = () => new Promise(setImmediate);
const key = (guid: string, userId = 'ada') => ({ guid, userId });

let database: SlowDatabase;
let reads: StateReads;

beforeEach(() => {
  database = new SlowDatabase();
  reads = new StateReads(database);
});

describe('reading states', () => {
  it('asks once for all requests of a turn, after the last of them came', async () => {
    const both = [reads.read(key('one')), reads.read(key('two', 'bob'))];
    expect(database.queries).toHaveLength(0);
    await turn();
    expect(database.queries.map(({ values }) => values)).toEqual([['one', 'ada', 'two', 'bob']]);
    database.queries[0]?.answer([rowAt(1, 5), rowAt(0)]);
    expect(await Promise.all(both)).toMatchObject([{ endedAt: null, lastActiveAt: 1 }, { endedAt: 5 }]);
  });

  it('asks again for a request that comes while an answer is under way, which may be older than a revoke', async () => {
    const early = reads.read(key('one'));
    await turn();
    const late = reads.read(key('one'));
    await turn();
    expect(database.queries).toHaveLength(2);
    database.queries[1]?.answer([rowAt(0, 7)]);
    expect(await late).toMatchObject({ endedAt: 7 });
    database.queries[0]?.answer([rowAt(0)]);
    expect(await early).toMatchObject({ endedAt: null });
  });

  it('asks for a guid with the user of each request, and gives nobody the answer of another', async () => {
    const [other, own] = [reads.read(key('one', 'eve')), reads.read(key('one'))];
    await turn();
    expect(database.queries[0]?.values).toEqual(['one', 'eve', 'one', 'ada']);
    database.queries[0]?.answer([rowAt(1)]);
    expect(await own).toBeDefined();
    expect(await other).toBeUndefined();
  });

  it('gives several requests of one session the same answer', async () => {
    const both = [reads.read(key('one')), reads.read(key('one'))];
    await turn();
    database.queries[0]?.answer([rowAt(0), rowAt(1)]);
    expect(await Promise.all(both)).toMatchObject([{ refTokID: 'a' }, { refTokID: 'a' }]);
  });

  it('refuses all of a query that failed, and none of the next', async () => {
    const failed = [reads.read(key('one')), reads.read(key('two'))];
    await turn();
    database.queries[0]?.fail();
    for (const read of failed) await expect(read).rejects.toThrow('away');
    const next = reads.read(key('one'));
    await turn();
    database.queries[1]?.answer([rowAt(0)]);
    expect(await next).toBeDefined();
  });

  it.each([
    [1, [1]],
    [3, [4]],
    [64, [64]],
    [65, [64, 1]],
    [150, [64, 64, 32]],
  ])('shares %i requests out among queries of few sizes', async (count, sizes) => {
    const all = Array.from({ length: count }, (_, index) => reads.read(key(`guid-${index}`)));
    await turn();
    expect(database.queries.map(({ values }) => values.length / 2)).toEqual(sizes);
    expect(new Set(database.queries.map(({ sql }) => sql)).size).toBe(new Set(sizes).size);
    for (const { values, answer } of database.queries) {
      const guids = values.filter((value) => String(value).startsWith('guid-'));
      answer(guids.map((guid, at) => rowAt(at, Number(String(guid).slice('guid-'.length)))));
    }
    expect((await Promise.all(all)).map((state) => state?.endedAt)).toEqual(Array.from(all, (_, index) => index));
  });

  it('refuses whoever comes when ten thousand wait, and takes the next once those were answered', async () => {
    const waiting = Array.from({ length: 10_000 }, (_, index) => reads.read(key(`guid-${index}`)));
    await expect(reads.read(key('one'))).rejects.toThrow('10000 requests wait for the database already');
    await turn();
    for (const { answer } of database.queries) answer([]);
    await Promise.all(waiting);
    const next = reads.read(key('one'));
    await turn();
    database.queries.at(-1)?.answer([rowAt(0)]);
    expect(await next).toBeDefined();
  });
});
