import { describe, expect, it } from 'vitest';
import { FailClosedStore } from '../../src/sessions/fail-closed-store.js';
import type { SessionStore } from '../../src/sessions/session-store.js';

/** What each question is asked with. */
const QUESTIONS: { [N in keyof SessionStore]: Parameters<SessionStore[N]> } = {
  currentTicket: [],
  cutoffOf: [{ userId: 'ada', guid: 'one' }],
  open: [{}, {}] as never,
  check: [{}] as never,
  find: [{}] as never,
  list: ['ada', true, { at: 7, idleBefore: 0, limit: 100 }],
  rotate: [{}] as never,
  markUsed: [{ userId: 'ada', guid: 'one' }, 'generation', 7],
  rename: [{ userId: 'ada', guid: 'one' }, 'Desk'],
  end: [{}, {}] as never,
  cutOff: [{}] as never,
  endBatch: [{}, {}] as never,
  firstSurplus: [{}, 1, {}] as never,
  touch: [[], {}] as never,
  forget: ['ada'],
  purge: [{}] as never,
};
const NAMES = Object.keys(QUESTIONS) as (keyof SessionStore)[];

type Answering = (...values: unknown[]) => unknown;

/** Asks one question of a store that answers it so, and no other. */
function ask(name: keyof SessionStore, answer: Answering): Promise<unknown> {
  const closed = new FailClosedStore({ [name]: answer } as unknown as SessionStore);
  return (closed[name] as Answering)(...QUESTIONS[name]) as Promise<unknown>;
}

describe.each(NAMES)('a store asked through fail-closed: %s', (name) => {
  it('is asked what was asked, and its answer is the answer', async () => {
    const asked: unknown[][] = [];
    const answer = {};
    const given = ask(name, async (...values) => {
      asked.push(values);
      return answer;
    });
    expect(await given).toBe(answer);
    expect(asked).toEqual([QUESTIONS[name]]);
    for (const [index, value] of QUESTIONS[name].entries()) expect(asked[0]?.[index]).toBe(value);
  });

  it('is unavailable when it fails, for a reason that stays inside', async () => {
    const cause = new Error('the database is away');
    const unavailable = { name: 'AuthError', code: 'unavailable', reason: 'store_failed', cause };
    await expect(ask(name, () => Promise.reject(cause))).rejects.toMatchObject(unavailable);
    const throwing = () => {
      throw cause;
    };
    await expect(ask(name, throwing)).rejects.toMatchObject(unavailable);
  });
});
