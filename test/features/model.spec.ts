import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { SessionStore } from '../../src/sessions/session-store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { composeAuth } from '../support/compose.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { MINUTE, SECOND } from '../support/times.js';
import type { ModelLimits } from '../support/session-model.js';
import { answerOf, type Choice, requestOf, signIn, USERS, World } from './model-world.js';

const LIMITS: Omit<ModelLimits, keyof Cap> = {
  // An access token outlives the idle limit here, so that the row has to refuse what the token does not.
  ...{ accessTtl: 5 * MINUTE, refreshTtl: 20 * MINUTE, absoluteTimeout: 30 * MINUTE + 1, idleTimeout: 4 * MINUTE },
  ...{ reuseInterval: 10 * SECOND, touchInterval: MINUTE, retention: 10 * MINUTE },
};

const PATIENCE = 120_000;
type Cap = Pick<ModelLimits, 'maxSessions' | 'whenFull'>;
type Step = Choice & { verb: keyof typeof VERBS };

interface History {
  cap: Cap;
  steps: Step[];
}

const VERBS = {
  signIn: (world: World, choice: Choice) => signIn(world, choice),
  signInAgain: (world: World, choice: Choice) => signIn(world, choice, undefined, world.token('access', choice.token)),
  beginSignIn: async (world: World, { user }: Choice) => {
    world.begun.push({ user, step: world.model.begin(), ticket: await world.composed.auth.currentTicket() });
  },
  finishSignIn: async (world: World, choice: Choice) => {
    const begun = world.pick(world.begun, choice.begun);
    if (begun) await signIn(world, { ...choice, user: begun.user as Choice['user'] }, begun);
  },
  renew: async (world: World, choice: Choice) => {
    const token = world.token('refresh', choice.token);
    if (!token) return;
    const expected = world.model.renew(token);
    const outcome = await answerOf(world.composed.auth.refresh(token.text, requestOf(choice)));
    expect('answer' in outcome).toBe(expected !== 'refused');
    if ('answer' in outcome) world.take(token.session, outcome.answer);
  },
  renewWithAccessToken: async (world: World, choice: Choice) => {
    const token = world.token('access', choice.token);
    if (token) expect(await answerOf(world.composed.auth.refresh(token.text))).toEqual({ reason: 'wrong_header' });
  },
  use: async (world: World, choice: Choice) => {
    const token = world.token('access', choice.token);
    if (!token) return;
    const expected = world.model.use(token);
    const outcome = await answerOf(world.composed.auth.authenticate(token.text, requestOf(choice)));
    expect('answer' in outcome).toBe(expected);
    if ('answer' in outcome) expect(outcome.answer).toMatchObject({ userId: token.session.userId });
  },
  flush: async (world: World) => {
    expect(await world.composed.registry.flushTouches()).toBe(world.model.flush());
  },
  logout: async (world: World, choice: Choice) => {
    const token = world.pick(world.tokens, choice.token);
    if (!token) return;
    world.model.end(token.session, 'signed_out');
    const { kind, text } = token;
    await world.composed.auth.logout(kind === 'access' ? { accessToken: text } : { refreshToken: text });
  },
  revoke: async (world: World, { user, session: choice }: Choice) => {
    const chosen = world.session(choice);
    if (!chosen) return;
    const { session, guid } = chosen;
    const known = session.userId === user && world.model.sessions.has(session);
    if (known) world.model.end(session, 'revoked');
    expect(await world.composed.registry.revoke(user, guid)).toBe(known);
  },
  rename: async (world: World, { user, session: choice }: Choice) => {
    const chosen = world.session(choice);
    if (!chosen) return;
    const { session, guid } = chosen;
    const known = session.userId === user && world.model.lives(session);
    const view = await world.composed.registry.rename(user, guid, 'Kitchen');
    expect(view?.guid).toBe(known ? guid : undefined);
  },
  revokeOthers: async (world: World, { user, session: choice }: Choice) => {
    const keep = world.session(choice);
    if (!keep) return;
    const expected = world.model.cutOff(user, 'revoked', keep.session);
    expect(await world.composed.registry.revokeOthers(user, keep.guid)).toBe(expected);
  },
  revokeAll: async (world: World, { user }: Choice) => {
    const expected = world.model.cutOff(user, 'revoked_all');
    expect(await world.composed.registry.revokeAll(user)).toBe(expected);
  },
  revokeEverybody: async (world: World) => {
    const expected = world.model.cutOffEverybody('revoked_all');
    expect(await world.composed.registry.revokeEverybody()).toBe(expected);
  },
  credentialsChanged: async (world: World, { user, session: choice }: Choice) => {
    const keep = choice % 2 ? world.session(choice >> 1) : undefined;
    const expected = world.model.cutOff(user, 'credentials_changed', keep?.session);
    expect(await world.composed.registry.credentialsChanged(user, { ...(keep && { keep: keep.guid }) })).toBe(expected);
  },
  disableUser: async (world: World, { user }: Choice) => {
    const expected = world.model.cutOff(user, 'user_disabled');
    expect(await world.composed.auth.disableUser(user)).toBe(expected);
  },
  purge: async (world: World) => {
    expect(await world.composed.registry.purge()).toBe(world.model.purge());
  },
  wait: async (world: World, { wait }: Choice) => world.pass(wait),
};

const TIMES = { renew: 24, use: 20, wait: 14, flush: 8, signIn: 8, purge: 3, beginSignIn: 2, finishSignIn: 4 };

const OFTEN = Object.entries(TIMES).flatMap(([verb, times]): Step['verb'][] =>
  Array.from({ length: times }, () => verb as Step['verb']),
);

const SHORT = [1, 999, SECOND, 9_999, 10 * SECOND];
const MEDIUM = [30 * SECOND, MINUTE - 1, MINUTE, MINUTE + SECOND, 2 * MINUTE];
const LONG = [4 * MINUTE - 1, 4 * MINUTE, 5 * MINUTE, 10 * MINUTE];
/** Mostly the last ones, at times any. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(60) });

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(...(Object.keys(VERBS) as Step['verb'][]), ...OFTEN),
  user: fc.constantFrom(...USERS),
  token: pick,
  session: pick,
  begun: pick,
  device: fc.nat(3),
  wait: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...SHORT) },
    { weight: 3, arbitrary: fc.constantFrom(...MEDIUM) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...LONG), fc.nat(20 * MINUTE)) },
  ),
});

const cap: fc.Arbitrary<Cap> = fc.constantFrom(
  { maxSessions: null, whenFull: 'evict' },
  { maxSessions: 2, whenFull: 'evict' },
  { maxSessions: 2, whenFull: 'reject' },
);

/** 40 steps on the average; a counterexample may be as short as it gets. */
const history: fc.Arbitrary<History> = fc.record({
  cap,
  steps: fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }),
});

async function live(store: SessionStore, { cap, steps }: History): Promise<void> {
  const world = new World(store, { ...LIMITS, ...cap });
  for (const { verb, ...choice } of steps) {
    await VERBS[verb](world, choice);
    await world.compare();
  }
}

describe('any history of sign-ins, renewals, uses and ends', () => {
  // "Last active" is flushed by a step; the timer that does so in an app would do it at any time.
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it(
    'leaves alive what the rules say, in memory',
    async () => {
      const lives = (history: History) => live(new MemorySessionStore(), history);
      await fc.assert(fc.asyncProperty(history, lives), { numRuns: 300 });
    },
    PATIENCE,
  );

  it(
    'leaves alive what the rules say, in SQLite',
    async () => {
      const lives = async (history: History) => {
        const inMemory = { type: 'better-sqlite3', database: ':memory:' } as const;
        const { database, close } = await openDatabase({ database: inMemory, migrate: true, timeout: SECOND });
        await live(new SqlSessionStore(database), history).finally(close);
      };
      await fc.assert(fc.asyncProperty(history, lives), { numRuns: 60 });
    },
    PATIENCE,
  );
});

describe('a session that ran out', () => {
  const LIMITS_OF: [string, Partial<AuthModuleOptions>][] = [
    ['by its absolute end', { accessTtl: '4m', absoluteTimeout: '5m' }],
    ['by its idle limit', { accessTtl: '4m', idleTimeout: '3m' }],
  ];

  it.each(LIMITS_OF)(
    'is refused from the millisecond on, though its token counts in seconds (%s)',
    async (_, given) => {
      const clock = new TestClock(Date.UTC(2026, 0, 1) + 1);
      const { auth, registry } = composeAuth(new MemorySessionStore(), given, clock);
      const { refresh_token } = await auth.login('ada');
      clock.advance(2 * MINUTE);
      const pair = await auth.refresh(refresh_token);
      clock.advance(3 * MINUTE - 1);
      expect(await auth.authenticate(pair.access_token)).toMatchObject({ userId: 'ada' });
      clock.advance(1);
      expect(await answerOf(auth.authenticate(pair.access_token))).toEqual({
        reason: expect.stringMatching(/^session_/),
      });
      expect(await answerOf(auth.refresh(pair.refresh_token))).toEqual({ reason: expect.stringMatching(/^session_/) });
      expect(await registry.list('ada')).toEqual([]);
    },
  );

  it.each(LIMITS_OF)('cannot be renamed, as one that was ended (%s)', async (_, given) => {
    const { auth, registry, clock } = composeAuth(new MemorySessionStore(), given);
    const { session } = await auth.login('ada');
    expect(await registry.rename('ada', session.guid, 'Kitchen')).toMatchObject({ name: 'Kitchen' });
    clock.advance(5 * MINUTE);
    expect(await registry.rename('ada', session.guid, 'Bedroom')).toBeUndefined();
  });
});
