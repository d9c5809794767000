import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuthError, type RefusalReason } from '../../src/errors.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { Session } from '../../src/sessions/session.js';
import { isCutOff } from '../../src/sessions/cutoff.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import type { TokenPair } from '../../src/wire.js';
import { claimsOf } from '../support/client.js';
import { type ComposedAuth, composeAuth } from '../support/compose.js';
import { FakeClock, MINUTE, SECOND } from '../support/fake-clock.js';
import { ScheduledStore } from '../support/scheduled-store.js';

const RUNS = 200;
const PATIENCE = 60_000;
const REQUEST = { ip: '192.0.2.9', headers: { 'user-agent': 'agent/9' } };

type Answer<T> = { readonly ok: T } | { readonly refused: RefusalReason };

/** Two ways into one store: `now`, where a call is done at once, and `racing`, where the scheduler holds each step. */
class Race {
  readonly store = new MemorySessionStore();
  readonly clock = new FakeClock();
  readonly now: ComposedAuth;
  readonly racing: ComposedAuth;
  readonly minted: TokenPair[] = [];

  constructor(
    readonly scheduler: fc.Scheduler,
    options: Partial<AuthModuleOptions>,
  ) {
    this.now = composeAuth(this.store, options, this.clock);
    this.racing = composeAuth(new ScheduledStore(this.store, scheduler), options, this.clock);
  }

  async signIn(userId = 'ada'): Promise<TokenPair> {
    return this.mint(this.now.auth.login(userId));
  }

  /** Keeps what a call minted, also when nobody waits for it. */
  async mint(call: Promise<TokenPair>): Promise<TokenPair> {
    const pair = await call;
    this.minted.push(pair);
    return pair;
  }

  login(ticket?: number): Promise<Answer<TokenPair>> {
    return answerOf(this.mint(this.racing.auth.login('ada', REQUEST, { ticket })));
  }

  renew(pair: TokenPair): Promise<Answer<TokenPair>> {
    return answerOf(this.mint(this.racing.auth.refresh(pair.refresh_token, REQUEST)));
  }

  use(pair: TokenPair): Promise<Answer<unknown>> {
    return answerOf(this.racing.auth.authenticate(pair.access_token));
  }

  /** Lets the calls go, in the order of the scheduler. */
  finish<T extends readonly unknown[]>(...calls: { [I in keyof T]: Promise<T[I]> }): Promise<T> {
    return this.scheduler.waitFor(Promise.all(calls) as Promise<unknown>) as Promise<T>;
  }

  async row({ session }: TokenPair): Promise<Session> {
    const row = await this.store.find({ userId: 'ada', guid: session.guid });
    if (!row) throw new Error('the row is gone');
    return row;
  }

  async live(): Promise<string[]> {
    return (await this.now.registry.list('ada')).map(({ guid }) => guid).sort();
  }

  /** Nothing minted so far for this session counts any more. */
  async expectOver(guid: string): Promise<void> {
    for (const pair of this.minted.filter(({ session }) => session.guid === guid)) {
      expect(await answerOf(this.now.auth.authenticate(pair.access_token))).toHaveProperty('refused');
      expect(await answerOf(this.now.auth.refresh(pair.refresh_token))).toHaveProperty('refused');
    }
    expect(await this.live()).not.toContain(guid);
  }
}

async function answerOf<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: await call };
  } catch (error) {
    if (error instanceof AuthError && error.code !== 'unavailable') return { refused: error.reason };
    throw error;
  }
}

/** Runs the race in many orders; a failure names the seed, and the order in which the steps were let go. */
function inAnyOrder(run: (race: Race) => Promise<void>, options: Partial<AuthModuleOptions> = {}) {
  const property = fc.asyncProperty(fc.scheduler(), (scheduler) => run(new Race(scheduler, options)));
  return () => fc.assert(property, { numRuns: RUNS });
}

function generationOf(pair: TokenPair): unknown {
  return claimsOf(pair.refresh_token).refTokID;
}

describe('whatever the order of', () => {
  describe('renewals of one session', () => {
    it(
      'three with the same token, they get one successor and nobody is signed out',
      inAnyOrder(async (race) => {
        const first = await race.signIn();
        let renewed = 0;
        let repeated = 0;
        race.racing.events.on('renewed', () => ++renewed);
        race.racing.events.on('repeated', () => ++repeated);
        await race.finish(race.renew(first), race.renew(first), race.renew(first));
        const row = await race.row(first);
        expect(race.minted.map(generationOf)).toEqual([generationOf(first), row.refTokID, row.refTokID, row.refTokID]);
        expect(row).toMatchObject({ predecessor: generationOf(first), endedAt: null });
        expect([renewed, repeated]).toEqual([1, 2]);
      }),
      PATIENCE,
    );

    it(
      'one and requests with the token before it, no request is refused',
      inAnyOrder(async (race) => {
        const first = await race.signIn();
        const answers = await race.finish(race.use(first), race.renew(first), race.use(first));
        for (const answer of answers) expect(answer).toHaveProperty('ok');
      }),
      PATIENCE,
    );

    it(
      'two generations on end, each is renewed once',
      inAnyOrder(async (race) => {
        const first = await race.signIn();
        const tab = async () => {
          const second = await race.renew(first);
          return 'ok' in second ? race.renew(second.ok) : second;
        };
        await race.finish(tab(), race.use(first), race.renew(first));
        const row = await race.row(first);
        const generations = new Set(race.minted.map(generationOf));
        // The slower tab may come when its token is two generations old: then the session ends, and nothing forks.
        expect(generations.size).toBeLessThanOrEqual(3);
        if (row.endedAt === null) expect(generations).toContain(row.refTokID);
        else await race.expectOver(row.guid);
      }),
      PATIENCE,
    );
  });

  describe('a renewal and an end', () => {
    const ENDS: [string, (race: Race, pair: TokenPair, other: TokenPair) => Promise<unknown>][] = [
      ['revoke', ({ racing }, { session }) => racing.registry.revoke('ada', session.guid)],
      ['revokeOthers', ({ racing }, _, { session }) => racing.registry.revokeOthers('ada', session.guid)],
      ['revokeAll', ({ racing }) => racing.registry.revokeAll('ada')],
      ['credentialsChanged', ({ racing }) => racing.registry.credentialsChanged('ada')],
      ['revokeEverybody', ({ racing }) => racing.registry.revokeEverybody()],
      ['disableUser', ({ racing }) => racing.auth.disableUser('ada')],
      ['logout', ({ racing }, pair) => racing.auth.logout({ accessToken: pair.access_token })],
    ];

    it.each(ENDS)(
      'by %s, no token counts once the end is acknowledged',
      (_, end) =>
        inAnyOrder(async (race) => {
          const pair = await race.signIn();
          const other = await race.signIn();
          const { guid } = pair.session;
          const acknowledged = end(race, pair, other).then(() => race.expectOver(guid));
          await race.finish(race.renew(pair), acknowledged, race.renew(pair), race.use(pair));
          expect((await race.row(pair)).endedAt).not.toBeNull();
          await race.expectOver(guid);
        })(),
      PATIENCE,
    );

    it(
      'of the others, the session that stays is renewed',
      inAnyOrder(async (race) => {
        const [pair, other] = [await race.signIn(), await race.signIn()];
        const { guid } = pair.session;
        const ended = race.racing.registry.revokeOthers('ada', guid);
        const [renewal, count] = await race.finish(race.renew(pair), ended);
        expect([renewal, count]).toEqual([{ ok: expect.anything() }, 1]);
        expect(await race.live()).toEqual([guid]);
        await race.expectOver(other.session.guid);
        expect(await race.now.registry.revokeOthers('ada', guid)).toBe(0);
        expect(await race.live()).toEqual([guid]);
      }),
      PATIENCE,
    );

    it(
      'by a token that was stolen, what the renewal minted is dead too',
      inAnyOrder(async (race) => {
        const first = await race.signIn();
        const second = await race.mint(race.now.auth.refresh(first.refresh_token));
        const third = await race.mint(race.now.auth.refresh(second.refresh_token));
        const theft = race.renew(first).then(async (answer) => {
          expect(answer).toHaveProperty('refused');
          await race.expectOver(first.session.guid);
        });
        await race.finish(race.renew(third), theft, race.use(third));
        expect(await race.row(first)).toMatchObject({ endReason: 'reuse_detected' });
        await race.expectOver(first.session.guid);
      }),
      PATIENCE,
    );
  });

  describe('ends of one session', () => {
    it(
      'all are acknowledged and the first names the reason',
      inAnyOrder(async (race) => {
        const pair = await race.signIn();
        const reasons: string[] = [];
        race.racing.events.on('revoked', ({ reason }) => reasons.push(reason));
        const { registry, auth } = race.racing;
        const [revoked] = await race.finish(
          registry.revoke('ada', pair.session.guid),
          auth.logout({ refreshToken: pair.refresh_token }),
          registry.revokeAll('ada'),
        );
        expect(revoked).toBe(true);
        expect(reasons).toEqual([(await race.row(pair)).endReason]);
      }),
      PATIENCE,
    );

    it(
      'one cutoff that keeps it and one that does not, it is over',
      inAnyOrder(async (race) => {
        const pair = await race.signIn();
        const { guid } = pair.session;
        const { registry } = race.racing;
        await race.finish(registry.revokeOthers('ada', guid), registry.revokeAll('ada'));
        await race.expectOver(guid);
      }),
      PATIENCE,
    );
  });

  describe('a cutoff of everybody and one that keeps a session', () => {
    it(
      'what was signed in before is over, row and token',
      inAnyOrder(async (race) => {
        const pair = await race.signIn();
        const { guid } = pair.session;
        const { registry } = race.racing;
        await race.finish(
          registry.revokeOthers('ada', guid),
          registry.revokeEverybody(),
          registry.revokeOthers('ada', guid),
        );
        await race.expectOver(guid);
        const token = { guid, ticket: Number(claimsOf(pair.access_token).ticket) };
        expect(isCutOff(await race.store.cutoffOf({ userId: 'ada', guid }), token)).toBe(true);
      }),
      PATIENCE,
    );
  });

  describe.each([
    ['revokeAll', (race: Race) => race.racing.registry.revokeAll('ada')],
    ['revokeEverybody', (race: Race) => race.racing.registry.revokeEverybody()],
  ] as const)('a sign-in and %s', (_, cutOff) => {
    it(
      'with a ticket from before it, nothing is left alive',
      inAnyOrder(async (race) => {
        const ticket = await race.now.registry.currentTicket();
        await race.finish(race.login(ticket), cutOff(race), race.login(ticket));
        expect(await race.live()).toEqual([]);
        for (const pair of race.minted) await race.expectOver(pair.session.guid);
      }),
      PATIENCE,
    );

    it(
      'with a ticket drawn meanwhile, it lives only if that was after the cutoff',
      inAnyOrder(async (race) => {
        const before = await race.now.registry.currentTicket();
        const [login] = await race.finish(race.login(), cutOff(race));
        const live = await race.live();
        if ('refused' in login) expect([login.refused, live]).toEqual(['cut_off', []]);
        else {
          const drawnAfter = (await race.row(login.ok)).ticket > before;
          expect(live).toEqual(drawnAfter ? [login.ok.session.guid] : []);
        }
      }),
      PATIENCE,
    );

    it(
      'that was acknowledged before, the sign-in lives',
      inAnyOrder(async (race) => {
        const old = await race.signIn();
        const ticket = await race.now.registry.currentTicket();
        const after = cutOff(race).then(() => race.login());
        const [, login] = await race.finish(race.login(ticket), after, race.renew(old));
        expect(login).toHaveProperty('ok');
        if ('ok' in login) expect(await race.live()).toEqual([login.ok.session.guid]);
      }),
      PATIENCE,
    );
  });

  describe('sign-ins at the limit of sessions', () => {
    it(
      'with eviction, the limit holds and the newest is in',
      inAnyOrder(
        async (race) => {
          const old = await race.signIn();
          race.clock.advance(SECOND);
          const logins = await race.finish(race.login(), race.login(), race.login(), race.renew(old));
          for (const login of logins.slice(0, 3)) expect(login).toHaveProperty('ok');
          const live = await race.live();
          expect(live).toHaveLength(2);
          for (const { session } of race.minted) if (!live.includes(session.guid)) await race.expectOver(session.guid);
        },
        { maxSessions: 2 },
      ),
      PATIENCE,
    );

    it(
      'with refusal, the limit holds and who was let in stays in',
      inAnyOrder(
        async (race) => {
          const old = await race.signIn();
          const logins = await race.finish(race.login(), race.login(), race.login());
          const refused = logins.flatMap((login) => ('refused' in login ? [login.refused] : []));
          expect(refused).toEqual(['session_limit', 'session_limit']);
          expect(await race.live()).toEqual(race.minted.map(({ session }) => session.guid).sort());
          expect(await race.live()).toContain(old.session.guid);
        },
        { maxSessions: 2, whenFull: 'reject' },
      ),
      PATIENCE,
    );
  });

  describe('a replay of the predecessor and the first use of its successor', () => {
    async function renewedOnce(race: Race, wait: number): Promise<[TokenPair, TokenPair]> {
      const first = await race.signIn();
      const second = await race.mint(race.now.auth.refresh(first.refresh_token));
      race.clock.advance(wait);
      return [first, second];
    }

    it(
      'within the interval, both are let in and nothing forks',
      inAnyOrder(async (race) => {
        const [first, second] = await renewedOnce(race, 10 * SECOND - 1);
        const [replay, use] = await race.finish(race.renew(first), race.use(second));
        expect(use).toHaveProperty('ok');
        expect('ok' in replay && generationOf(replay.ok)).toBe(generationOf(second));
        expect((await race.row(first)).refTokID).toBe(generationOf(second));
      }),
      PATIENCE,
    );

    it(
      'past the interval, the replay is honoured or ends the session, and nothing forks',
      inAnyOrder(async (race) => {
        const [first, second] = await renewedOnce(race, 10 * SECOND);
        const [replay, use] = await race.finish(race.renew(first), race.use(second));
        const row = await race.row(first);
        expect(row.refTokID).toBe(generationOf(second));
        if ('ok' in replay) {
          expect(generationOf(replay.ok)).toBe(generationOf(second));
          expect([row.endedAt, use]).toEqual([null, { ok: expect.anything() }]);
        } else {
          expect([replay.refused, row.endReason]).toEqual(['reuse_detected', 'reuse_detected']);
          expect(row.usedAt).not.toBeNull();
          await race.expectOver(first.session.guid);
        }
      }),
      PATIENCE,
    );

    it(
      'that was acknowledged before, the replay ends the session',
      inAnyOrder(async (race) => {
        const [first, second] = await renewedOnce(race, 10 * SECOND);
        const replay = race.use(second).then((use) => {
          expect(use).toHaveProperty('ok');
          return race.renew(first);
        });
        const [answer] = await race.finish(replay, race.use(second));
        expect(answer).toEqual({ refused: 'reuse_detected' });
        await race.expectOver(first.session.guid);
      }),
      PATIENCE,
    );
  });

  describe('purge and a renewal', () => {
    it(
      'a live session is renewed and stays, a dead one goes and does not come back',
      inAnyOrder(
        async (race) => {
          const dead = await race.signIn();
          race.clock.advance(1);
          const alive = await race.signIn();
          race.clock.advance(30 * MINUTE - 1);
          const purge = race.racing.registry.purge();
          const [renewal, late, count] = await race.finish(race.renew(alive), race.renew(dead), purge);
          expect(renewal).toHaveProperty('ok');
          expect(late).toHaveProperty('refused');
          expect(count).toBe(1);
          expect(await race.live()).toEqual([alive.session.guid]);
          for (const pair of race.minted.slice(2)) await race.now.auth.authenticate(pair.access_token);
          await race.expectOver(dead.session.guid);
        },
        { idleTimeout: '30m', purge: { retention: 0 } },
      ),
      PATIENCE,
    );
  });

  describe('a touch and', () => {
    async function noted(race: Race): Promise<TokenPair> {
      const pair = await race.signIn();
      race.clock.advance(MINUTE);
      await race.finish(race.racing.auth.authenticate(pair.access_token, REQUEST));
      return pair;
    }

    it(
      'an end, the session stays over',
      inAnyOrder(async (race) => {
        const pair = await noted(race);
        const { guid } = pair.session;
        const revoked = race.racing.registry.revoke('ada', guid).then(() => race.expectOver(guid));
        await race.finish(race.racing.registry.flushTouches(), revoked);
        expect(await race.row(pair)).toMatchObject({ endReason: 'revoked' });
        await race.expectOver(guid);
      }),
      PATIENCE,
    );

    it(
      'a renewal, the row has one live generation and the later activity',
      inAnyOrder(async (race) => {
        const pair = await noted(race);
        race.clock.advance(SECOND);
        const [, renewal] = await race.finish(race.racing.registry.flushTouches(), race.renew(pair));
        expect(renewal).toHaveProperty('ok');
        const { refTokID } = await race.row(pair);
        expect(race.minted.map(generationOf)).toEqual([generationOf(pair), refTokID]);
        expect(await race.row(pair)).toMatchObject({ lastActiveAt: race.clock.now(), userAgent: 'agent/9' });
      }),
      PATIENCE,
    );
  });
});
