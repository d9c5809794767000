import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionView, TokenPair } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ownMigrations } from '../../src/storage/typeorm/migrate.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { insertSessionsOf } from './rows.js';

const IS_LONG = process.env.SIZE === 'long';
const [LISTED, SIGNED_OUT, CAPPED] = IS_LONG ? [100_000, 300_000, 10_000] : [2_000, 20_000, 2_000];
const PATIENCE = IS_LONG ? 1_800_000 : 120_000;
const ADA = 'id-of-ada';
const BOB = 'id-of-bob';

/** What a call took, and for how long nothing else could happen in the process meanwhile, in milliseconds. */
async function measured<T>(what: string, call: () => Promise<T>): Promise<T> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const startedAt = performance.now();
  const answer = await call();
  const took = performance.now() - startedAt;
  delays.disable();
  process.stdout.write(`      ${what}: ${took.toFixed(0)} ms, longest stall ${(delays.max / 1e6).toFixed(0)} ms\n`);
  return answer;
}

describe.each(DATABASES)(`one user with ${SIGNED_OUT} sessions on %s`, (kind) => {
  let database: TestDatabase;
  let outside: DataSource;
  let app: TestApp;
  let own: TokenPair;
  const clock = new TestClock();
  const start = (options = {}) =>
    startApp({ clock, options: { database: database.options, migrate: true, ...options } });

  beforeAll(async () => {
    database = await createDatabase(kind);
    app = await start();
    own = await app.client.signIn();
    outside = await new DataSource({ ...database.options, ...ownMigrations } as DataSourceOptions).initialize();
    await outside.query(insertSessionsOf(kind, ADA, 1, LISTED, clock.now()));
  }, PATIENCE);
  afterAll(async () => {
    await outside.destroy();
    await app.close();
    await database.drop();
  }, PATIENCE);

  async function liveRows(userId: string): Promise<number> {
    const quote = kind === 'mysql' ? '`' : '"';
    const text = `SELECT COUNT(*) AS found FROM sessions WHERE ${quote}userId${quote} = '${userId}'`;
    const [row] = (await outside.query(`${text} AND ${quote}endedAt${quote} IS NULL`)) as [{ found: string | number }];
    return Number(row.found);
  }

  const get = (path: string, { access_token: token }: TokenPair) =>
    app.client.call<SessionView[]>('GET', path, { token });

  it(
    'shows a page of them, the current one first',
    async () => {
      const { status, headers, body, text } = await measured(`${kind}: GET /sessions of ${LISTED}`, () =>
        get('/sessions', own),
      );
      process.stdout.write(`      ${kind}: ${text.length} bytes\n`);
      expect([status, body.length, body[0]?.guid]).toEqual([200, 100, own.session.guid]);
      expect(headers.get('link')).toContain('rel="next"');
      expect(text.length).toBeLessThan(50_000);
      const five = await measured(`${kind}: five at once`, () =>
        Promise.all(Array.from({ length: 5 }, () => get('/sessions', own))),
      );
      expect(five.map((answer) => answer.body.length)).toEqual([100, 100, 100, 100, 100]);
    },
    PATIENCE,
  );

  it(
    'signs all of them out before it answers, and shows a page of what ended',
    async () => {
      await outside.query(insertSessionsOf(kind, ADA, LISTED + 1, SIGNED_OUT - 1, clock.now()));
      const answer = await measured(`${kind}: DELETE /sessions of ${SIGNED_OUT}`, () =>
        app.client.call('DELETE', '/sessions', { token: own.access_token }),
      );
      expect([answer.status, answer.body]).toEqual([200, { revoked: SIGNED_OUT }]);
      expect(await liveRows(ADA)).toBe(0);
      expect((await app.client.profile(own.access_token)).status).toBe(401);
      const next = await app.client.signIn();
      const { body, text, headers } = await measured(`${kind}: ?state=ended of ${SIGNED_OUT}`, () =>
        get('/sessions?state=ended', next),
      );
      process.stdout.write(`      ${kind}: ${text.length} bytes\n`);
      expect([body.length, headers.get('link')]).toEqual([100, expect.stringContaining('state=ended')]);
    },
    PATIENCE,
  );

  it(
    'ends what is too many for a limit that came later, before the sign-in is answered',
    async () => {
      await outside.query(insertSessionsOf(kind, BOB, 1, CAPPED, clock.now()));
      const capped = await start({ maxSessions: 5 });
      await measured(`${kind}: sign-in over ${CAPPED} with maxSessions 5`, () => capped.client.signIn('bob'));
      expect(await liveRows(BOB)).toBe(5);
      expect(capped.events.reduce((sum, { event }) => sum + ('count' in event ? event.count : 0), 0)).toBe(CAPPED - 4);
      await capped.close();
    },
    PATIENCE,
  );

  it(
    'are brought down to a thousand by a sign-in where no limit is set',
    async () => {
      await outside.query(insertSessionsOf(kind, 'id-of-eve', 1, CAPPED, clock.now()));
      await measured(`${kind}: sign-in over ${CAPPED} without a limit`, () => app.client.signIn('eve'));
      expect(await liveRows('id-of-eve')).toBe(1_000);
      const evicted = app.events.flatMap(({ event }) =>
        'reason' in event && event.reason === 'evicted' ? [event] : [],
      );
      expect(evicted.reduce((sum, event) => sum + ('count' in event ? event.count : 0), 0)).toBe(CAPPED - 999);
    },
    PATIENCE,
  );
});
