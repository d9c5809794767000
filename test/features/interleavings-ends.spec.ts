import { describe, expect, it } from 'vitest';
import { isCutOff } from '../../src/sessions/cutoff.js';
import type { TokenPair } from '../../src/wire.js';
import { claimsOf } from '../support/client.js';
import { inAnyOrder, PATIENCE, Race } from './race.js';

describe('whatever the order of', () => {
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
});
