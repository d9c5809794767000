import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BatchOutcome, Place, Walk } from '../../src/sessions/session-store.js';
import { Walks } from '../../src/sessions/walks.js';

const WALK: Walk = { userId: 'ada', mark: { ticket: 7, kept: null }, reason: 'revoked_all', at: 1, idleBefore: 0 };
const LAST = { createdAt: 2, guid: 'last' };

/** A store that does with each batch what it is told, and pauses that end when the test says so. */
class Stage {
  readonly asked: [Walk, Place | undefined][] = [];
  readonly told: number[] = [];
  readonly pauses: number[] = [];
  readonly script: (() => BatchOutcome | Promise<BatchOutcome>)[] = [];
  #wakes: [number, () => void][] = [];
  readonly walks: Walks;

  constructor() {
    const endBatch = async (walk: Walk, after?: Place) => {
      this.asked.push([walk, after]);
      const step = this.script.shift();
      if (!step) throw new Error('no batch is left');
      return step();
    };
    const pause = (milliseconds: number, signal: AbortSignal) => {
      this.pauses.push(milliseconds);
      return new Promise<void>((done, fail) => {
        this.#wakes.push([milliseconds, done]);
        signal.addEventListener('abort', () => fail(new Error('aborted')));
      });
    };
    this.walks = new Walks({ endBatch }, pause);
  }

  end(walk = WALK, count = 0): Promise<number> {
    return this.walks.end(walk, count, (told) => this.told.push(told));
  }

  /** Lets the pauses of this length pass, and what follows happen. */
  async pass(milliseconds: number): Promise<void> {
    for (const [length, wake] of this.#wakes) if (length === milliseconds) wake();
    this.#wakes = this.#wakes.filter(([length]) => length !== milliseconds);
    for (let turns = 0; turns < 5; turns++) await turn();
  }
}

const batch =
  (ended: number, next?: Place): (() => BatchOutcome) =>
  () => ({ ended, over: [], next });
const broken = () => Promise.reject(new Error('away'));
const unavailable = { name: 'AuthError', code: 'unavailable', reason: 'store_failed' };

describe('a walk', () => {
  it('ends one batch after another, and answers and tells the sum once the last is stored', async () => {
    const stage = new Stage();
    stage.script.push(batch(3, LAST), batch(4));
    expect(await stage.end(WALK, 1)).toBe(8);
    expect(stage.asked).toEqual([
      [WALK, undefined],
      [WALK, LAST],
    ]);
    expect(stage.told).toEqual([8]);
  });

  it('lets others have their turn between batches', async () => {
    const stage = new Stage();
    let turns = 0;
    const others = setImmediate(function again() {
      turns += 1;
      if (stage.told.length === 0) setImmediate(again);
    });
    stage.script.push(...Array.from({ length: 20 }, () => batch(1, LAST)), batch(1));
    await stage.end();
    clearImmediate(others);
    expect(turns).toBeGreaterThan(10);
  });

  it('that fails rejects at once as unavailable, says how many sessions are over, and continues where it stopped', async () => {
    const stage = new Stage();
    stage.script.push(batch(3, LAST), broken, broken, batch(4));
    const failed = expect(stage.end()).rejects.toMatchObject({
      ...unavailable,
      cause: { message: expect.stringContaining('3 sessions are over') },
    });
    await failed;
    expect(stage.told).toEqual([]);
    await stage.pass(500);
    expect(stage.asked.at(-1)).toEqual([WALK, LAST]);
    await stage.pass(1_000);
    expect(stage.asked).toHaveLength(4);
    expect(stage.asked.at(-1)).toEqual([WALK, LAST]);
    expect(stage.told).toEqual([7]);
  });

  it('that takes too long rejects as unavailable, and continues', async () => {
    const stage = new Stage();
    let finish = (_: BatchOutcome) => {};
    stage.script.push(
      () =>
        new Promise<BatchOutcome>((done) => {
          finish = done;
        }),
    );
    const answer = expect(stage.end()).rejects.toMatchObject(unavailable);
    await stage.pass(120_000);
    await answer;
    finish({ ended: 5, over: [] });
    await stage.pass(0);
    expect(stage.told).toEqual([5]);
  });

  it('of a user covers what an earlier one left, and that one is told and rests', async () => {
    const stage = new Stage();
    stage.script.push(batch(2, LAST), broken, batch(6));
    await expect(stage.end()).rejects.toMatchObject(unavailable);
    expect(await stage.end({ ...WALK, mark: { ticket: 8, kept: null } })).toBe(6);
    expect(stage.told).toEqual([2, 6]);
    await stage.pass(500);
    expect(stage.asked).toHaveLength(3);
  });

  it('of one user leaves that of another alone', async () => {
    const stage = new Stage();
    stage.script.push(broken, batch(6), batch(1));
    await expect(stage.end()).rejects.toMatchObject(unavailable);
    expect(await stage.end({ ...WALK, userId: 'bob' })).toBe(6);
    await stage.pass(500);
    expect(stage.told).toEqual([6, 1]);
  });

  it('ends with the process, after its batch', async () => {
    const stage = new Stage();
    let finish = (_: BatchOutcome) => {};
    stage.script.push(
      () =>
        new Promise<BatchOutcome>((done) => {
          finish = done;
        }),
    );
    const answer = expect(stage.end()).rejects.toMatchObject(unavailable);
    const stopping = stage.walks.stop();
    finish({ ended: 5, over: [], next: LAST });
    await answer;
    await stopping;
    await stage.pass(500);
    expect([stage.asked.length, stage.told]).toEqual([1, []]);
  });

  it('that failed is not gone on with once the process ends', async () => {
    const stage = new Stage();
    stage.script.push(broken, batch(1));
    await expect(stage.end()).rejects.toMatchObject(unavailable);
    await stage.walks.stop();
    expect(stage.asked).toHaveLength(1);
  });
});
