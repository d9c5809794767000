import { laterMark } from '../../sessions/cutoff.js';
import { equal, ok } from '../assertions.js';
import { atOnce, NOW, someone } from './session-fixtures.js';
import { clauses } from './store-case.js';

/** The cases about the marks that cutoffs leave. */
export const markCases = [
  ...clauses('the mark of cutOff', {
    'names the session that the cutoff kept, if that is live': async (on) => {
      const userId = someone();
      equal(await on.markOf(userId), { ticket: 0, kept: null });
      const [kept, other] = [await on.open(userId), await on.open(userId)];
      await on.cutOff(userId, kept.guid);
      const first = await on.store.currentTicket();
      equal(await on.markOf(userId), { ticket: first, kept: kept.guid });
      await on.cutOff(userId, other.guid);
      const second = await on.store.currentTicket();
      ok(second > first);
      equal(await on.markOf(userId), { ticket: second, kept: null });
      equal((await on.store.find(other))?.ticket, other.ticket);
      await on.cutOff(userId);
      const third = await on.store.currentTicket();
      ok(third > second);
      equal(await on.markOf(userId), { ticket: third, kept: null });
      equal(await on.markOf(someone()), { ticket: 0, kept: null });
    },

    'is the mark that holds from then on': async (on) => {
      const userId = someone();
      const [kept, other] = [await on.open(userId), await on.open(userId)];
      const ending = { userId, reason: 'revoked', at: NOW, idleBefore: 0 } as const;
      for (const keep of [kept.guid, other.guid, undefined]) {
        const { mark } = await on.store.cutOff({ ...ending, keep });
        equal(mark, await on.store.cutoffOf(kept));
        equal(mark, { ticket: await on.store.currentTicket(), kept: keep === kept.guid ? keep : null });
      }
    },

    'can be combined into the mark that holds, in any order': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 3);
      const ending = { userId, reason: 'revoked', at: NOW, idleBefore: 0 } as const;
      const stored = await atOnce(12, (index) => on.store.cutOff({ ...ending, keep: sessions[index % 4]?.guid }));
      const marks = stored.map(({ mark }) => mark);
      equal(marks.reduce(laterMark), await on.markOf(userId));
      equal(marks.reduceRight(laterMark), await on.markOf(userId));
    },

    'keeps one session or none when cutoffs that keep different ones come at once': async (on) => {
      const userId = someone();
      const sessions = await on.openInTurn(userId, 4);
      await atOnce(12, (index) => on.cutOff(userId, sessions[index % 5]?.guid));
      const { ticket, kept } = await on.markOf(userId);
      const live = await on.guids(userId);
      // A session that the mark keeps is live. A live session is kept, or its ticket was raised above the mark.
      if (kept !== null) ok(live.includes(kept));
      const rows = await on.list(userId, false);
      for (const row of rows) equal(row.ticket >= ticket || row.guid === kept, true);
    },
  }),
];
