import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionEvents, SessionRegistry } from '../../src/index.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { openStore } from '../../src/module/open-store.js';
import { SECRET } from '../support/app.js';
import { DATABASES } from '../support/databases.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { countOf, type FilledDatabase, fillDatabase } from './filled-database.js';
import { IDLE, NOW, rowKinds } from './rows.js';

const ROWS = process.env.SIZE === 'long' ? 1_000_000 : 6_000;
const PATIENCE = process.env.SIZE === 'long' ? 1_800_000 : 120_000;

describe.each(DATABASES)(`purge of ${ROWS} dead rows among ${ROWS} live ones on %s`, (kind) => {
  let database: FilledDatabase;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await fillDatabase(kind, ROWS);
  }, PATIENCE);
  afterAll(async () => {
    for (const close of closing) await close();
    await database.drop();
  }, PATIENCE);

  it(
    'by two purgers at once takes every dead row and no live one',
    async () => {
      const before = await Promise.all(['live', 'kept'].map((prefix) => countOf(database, prefix)));
      const purgers = await Promise.all([1, 2].map(openRegistry));
      const deleted = await Promise.all(purgers.map((purger) => purger.purge()));
      process.stdout.write(`      ${kind}: the purgers deleted ${deleted.join(' and ')} rows\n`);
      expect(await Promise.all(['late', 'idle', 'over'].map((prefix) => countOf(database, prefix)))).toEqual([0, 0, 0]);
      expect(await Promise.all(['live', 'kept'].map((prefix) => countOf(database, prefix)))).toEqual(before);
      expect(deleted.reduce((sum, count) => sum + count)).toBe(ROWS);
      expect(rowKinds(ROWS).reduce((sum, { count }) => sum + count, 0)).toBe(2 * ROWS);
    },
    PATIENCE,
  );

  async function openRegistry(): Promise<SessionRegistry> {
    const choice = { store: undefined, ofApp: undefined, database: database.options, migrate: false, timeout: 10_000 };
    const opened = await openStore(choice);
    closing.push(() => opened.close());
    const clock = new TestClock(NOW);
    const options = resolveOptions({
      secret: SECRET,
      clock,
      refreshTtl: '90d',
      idleTimeout: IDLE,
      purge: { batch: 1_000 },
    });
    return new SessionRegistry(opened.store, options, clock, new SessionEvents());
  }
});
