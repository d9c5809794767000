import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/sessions/session.js';
import type { SessionKey, SessionStore } from '../../src/sessions/session-store.js';
import type { Run } from '../../src/suspicion/run.js';
import { LOOK_EVERY, type RunStore } from '../../src/suspicion/run-store.js';

/** A store under test, the sessions beside it, and how to let go of both. */
export interface RunSetting {
  runs: RunStore;
  sessions: SessionStore;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 1);
const ODD = { userAgent: `"Zoë\\"'; -- 🦊`, ip: null };
const RUN: Run = {
  evidence: 'devices',
  generation: 'g1',
  length: 1,
  clients: [ODD, { userAgent: null, ip: '2001:db8::1' }],
  suspicion: null,
};
const SUSPICION = { at: NOW + 7, clients: [ODD, ODD] } as const;
const NEXT: Run = { ...RUN, generation: 'g2', length: 2, suspicion: SUSPICION };

/** What every store of runs does. */
export function describeRunStore(name: string, open: () => Promise<RunSetting>): void {
  describe(`runs ${name}`, () => {
    let setting: RunSetting;
    let count = 0;
    let key: SessionKey;
    const save = (former: Run | undefined, next: Run, of = key) => setting.runs.save(of, former, next, NOW);

    /** A user with a session of their own. */
    async function signIn(): Promise<SessionKey> {
      count += 1;
      const session = sessionOf(count);
      await setting.sessions.open(session, { maxSessions: null, whenFull: 'evict', idleBefore: 0 });
      return { userId: session.userId, guid: session.guid };
    }

    beforeAll(async () => {
      setting = await open();
    }, 60_000);
    afterAll(() => setting.close());
    beforeEach(async () => {
      key = await signIn();
    });

    it('are none at first', async () => {
      expect(await setting.runs.find(key, 'devices')).toBeUndefined();
      expect(await setting.runs.suspicionsOf(key.userId)).toEqual(new Map());
    });

    it('are found as they were saved, one for each evidence', async () => {
      expect(await save(undefined, RUN)).toBe(true);
      expect(await save(undefined, { ...NEXT, evidence: 'networks' })).toBe(true);
      expect(await setting.runs.find(key, 'devices')).toEqual(RUN);
      expect(await setting.runs.find(key, 'networks')).toEqual({ ...NEXT, evidence: 'networks' });
    });

    it('are of one user: another finds nothing by the same guid', async () => {
      await save(undefined, NEXT);
      const other = { ...key, userId: 'somebody else' };
      expect(await setting.runs.find(other, 'devices')).toBeUndefined();
      expect(await save(NEXT, { ...NEXT, generation: 'g3' }, other)).toBe(false);
      expect(await setting.runs.suspicionsOf(other.userId)).toEqual(new Map());
    });

    it('take the place of the one that was read, and of no other', async () => {
      await save(undefined, RUN);
      expect(await save(RUN, NEXT)).toBe(true);
      expect(await save(RUN, { ...NEXT, generation: 'other' })).toBe(false);
      expect(await setting.runs.find(key, 'devices')).toEqual(NEXT);
    });

    it.each([[undefined], [RUN]])('are saved once by ten who read the same (%#)', async (former) => {
      if (former) await save(undefined, former);
      const tries = Array.from({ length: 10 }, (_, n) => save(former, { ...NEXT, generation: `of ${n}` }));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it('tell which sessions of a user are suspected', async () => {
      const guid = (await signIn()).guid;
      await save(undefined, NEXT);
      await save(undefined, RUN, { ...key, guid });
      expect(await setting.runs.suspicionsOf(key.userId)).toEqual(new Map([[key.guid, SUSPICION]]));
    });

    it('tell the later of two suspicions of a session', async () => {
      const later = { ...SUSPICION, at: NOW + 8 };
      await save(undefined, { ...NEXT, evidence: 'networks', suspicion: later });
      await save(undefined, NEXT);
      expect([...(await setting.runs.suspicionsOf(key.userId)).values()]).toEqual([later]);
    });

    it('are gone with a user who is forgotten', async () => {
      const other = await signIn();
      await save(undefined, NEXT);
      await save(undefined, NEXT, other);
      await setting.runs.forget(key.userId);
      expect(await setting.runs.find(key, 'devices')).toBeUndefined();
      expect(await setting.runs.find(other, 'devices')).toEqual(NEXT);
    });

    it('are gone within a day after their session, and no sooner than it', async () => {
      const gone = await signIn();
      await save(undefined, NEXT);
      await save(undefined, NEXT, gone);
      await setting.sessions.forget(gone.userId);
      await setting.runs.prune(NOW + LOOK_EVERY - 1);
      expect(await setting.runs.find(gone, 'devices')).toEqual(NEXT);
      await setting.runs.prune(NOW + LOOK_EVERY);
      expect(await setting.runs.find(gone, 'devices')).toBeUndefined();
      expect(await setting.runs.find(key, 'devices')).toEqual(NEXT);
      await setting.sessions.forget(key.userId);
      await setting.runs.prune(NOW + 2 * LOOK_EVERY);
      expect(await setting.runs.find(key, 'devices')).toBeUndefined();
    });
  });
}

function sessionOf(number: number): Session {
  return {
    ...{ guid: `guid-${number}`, userId: `user-${number}`, refTokID: 'g0', predecessor: null, rotatedAt: null },
    ...{ usedAt: null, ticket: 0, name: null, userAgent: null, ip: null, createdAt: NOW, lastActiveAt: NOW },
    ...{ expiresAt: NOW + 1e10, endedAt: null, endReason: null, purgeAt: NOW + 1e10 },
  };
}
