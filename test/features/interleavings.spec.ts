import { describe, expect, it } from 'vitest';
import type { TokenPair } from '../../src/wire.js';
import { MINUTE, SECOND } from '../support/times.js';
import { generationOf, inAnyOrder, PATIENCE, Race, REQUEST } from './race.js';

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
