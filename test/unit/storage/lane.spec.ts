import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../src/storage/typeorm/deadline.js';
import { Lane } from '../../../src/storage/typeorm/lane.js';

/** Enters a lane, and tells whether it is in. */
function entered(lane: Lane, key?: string) {
  const state = { isIn: false, leave: () => {} };
  void lane.enter(key).then((leave) => Object.assign(state, { isIn: true, leave }));
  return state;
}

const turns = () => new Promise((done) => setImmediate(done));

describe('a lane', () => {
  it('lets in as many as it has places, and the others in their order', async () => {
    const lane = new Lane(2);
    const [first, second, third, fourth] = [entered(lane), entered(lane), entered(lane), entered(lane)];
    await turns();
    expect([first, second, third, fourth].map(({ isIn }) => isIn)).toEqual([true, true, false, false]);
    second.leave();
    await turns();
    expect([third.isIn, fourth.isIn]).toEqual([true, false]);
    first.leave();
    await turns();
    expect(fourth.isIn).toBe(true);
  });

  it('gives work of one key one place, and lets others past it', async () => {
    const lane = new Lane(2);
    const [first, second, other] = [entered(lane, 'ada'), entered(lane, 'ada'), entered(lane, 'eve')];
    await turns();
    expect([first, second, other].map(({ isIn }) => isIn)).toEqual([true, false, true]);
    first.leave();
    await turns();
    expect(second.isIn).toBe(true);
  });

  it('rests after a piece of work in a crowd, and not where nobody waits', async () => {
    const lane = new Lane(1, 20);
    const first = entered(lane);
    await turns();
    first.leave();
    const second = entered(lane);
    await turns();
    expect(second.isIn).toBe(true);
    const third = entered(lane);
    second.leave();
    await turns();
    expect(third.isIn).toBe(false);
    await new Promise((done) => setTimeout(done, 40));
    expect(third.isIn).toBe(true);
  });

  it('gives a turn that comes after its deadline to the next', async () => {
    const lane = new Lane(1);
    const first = entered(lane);
    await turns();
    const deadline = new Deadline(1);
    await expect(lane.enterBy(deadline)).rejects.toThrow('The database did not answer within 1 ms');
    const third = entered(lane);
    first.leave();
    await turns();
    expect(third.isIn).toBe(true);
  });

  it('refuses more than a thousand who wait', async () => {
    const lane = new Lane(0);
    for (let count = 0; count < 1_000; count++) void lane.enter();
    await expect(lane.enter()).rejects.toThrow('1000 requests wait for the database already');
  });
});
