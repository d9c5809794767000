import type { Companion } from '../../sessions/companion.js';
import { equal, fails, matches } from '../assertions.js';
import { NO_LIMITS, NOW, sessionOf, someone } from './session-fixtures.js';
import { clauses } from './store-case.js';

const ENDING = { reason: 'revoked', at: NOW, idleBefore: 0 } as const;

/** A companion, and the outcomes it was called with. */
function witness<T>(): { companions: Companion<T>[]; seen: T[] } {
  const seen: T[] = [];
  return { seen, companions: [async (outcome) => void seen.push(outcome)] };
}

/** Two companions: the first succeeds, the second rejects. */
const refusing: Companion<unknown>[] = [async () => {}, () => Promise.reject(new Error('this cannot be stored'))];

/** The cases about companions of a sign-in, an end or a cutoff. */
export const companionCases = [
  ...clauses('companions of open', {
    'are called once with what the sign-in did, before it resolves': async (on) => {
      const former = await on.open(someone());
      const { companions, seen } = witness();
      const session = sessionOf(former.userId, { ticket: former.ticket });
      const outcome = await on.store.open(session, { ...NO_LIMITS, replaces: former.guid, companions });
      equal(seen, [outcome]);
      matches(outcome, { opened: true, replaced: [former.guid] });
    },
    'are not called for a sign-in that is refused': async (on) => {
      const { companions, seen } = witness();
      const late = sessionOf(someone(), { ticket: await on.store.currentTicket() });
      await on.cutOff(late.userId);
      matches(await on.store.open(late, { ...NO_LIMITS, companions }), { why: 'cut_off' });
      const full = { ...NO_LIMITS, maxSessions: 1, whenFull: 'reject', companions } as const;
      const { userId, ticket } = await on.open(late.userId);
      matches(await on.store.open(sessionOf(userId, { ticket }), full), { why: 'full' });
      equal(seen, []);
    },
    'undo the sign-in, and what it ended, if one rejects': async (on) => {
      const former = await on.open(someone());
      const session = sessionOf(former.userId, { ticket: former.ticket });
      await fails(on.store.open(session, { ...NO_LIMITS, replaces: former.guid, companions: refusing }));
      equal(await on.store.find(session), undefined);
      equal(await on.store.find(former), former);
    },
  }),

  ...clauses('companions of end', {
    'are called only for a session that this call ends': async (on) => {
      const session = await on.open(someone());
      const { companions, seen } = witness();
      equal(await on.store.end(sessionOf(session.userId), { ...ENDING, companions }), 'unknown');
      equal(seen, []);
      equal(await on.store.end(session, { ...ENDING, companions }), 'ended');
      equal(await on.store.end(session, { ...ENDING, companions }), 'over');
      equal(seen, ['ended']);
    },
    'undo the end, and the cutoff of its tokens, if one rejects': async (on) => {
      const session = await on.open(someone());
      const mark = await on.store.cutoffOf(session);
      await fails(on.store.end(session, { ...ENDING, cutUntil: NOW + 10, companions: refusing }));
      equal(await on.store.find(session), session);
      equal(await on.store.cutoffOf(session), mark);
      equal(await on.end(session), 'ended');
    },
  }),

  ...clauses('companions of cutOff', {
    'are called with the mark before any session has ended': async (on) => {
      const session = await on.open(someone());
      const { companions, seen } = witness();
      for (const userId of [session.userId, null]) {
        const stored = await on.store.cutOff({ ...ENDING, userId, companions });
        equal(seen.splice(0), [stored]);
        equal(await on.store.cutoffOf(session), stored.mark);
        matches(await on.store.find(session), { endedAt: null });
      }
    },
    'undo the cutoff if one rejects': async (on) => {
      const session = await on.open(someone());
      const mark = await on.store.cutoffOf(session);
      for (const userId of [session.userId, null]) {
        await fails(on.store.cutOff({ ...ENDING, userId, companions: refusing }));
        equal(await on.store.cutoffOf(session), mark);
      }
      matches(await on.rotate(session, session.refTokID, 'next'), { refTokID: 'next' });
    },
  }),
];
