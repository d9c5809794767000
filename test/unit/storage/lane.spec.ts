import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../src/storage/connections/deadline.js';
import { Lane } from '../../../src/storage/connections/lane.js';

/** Enters a lane, and tells whether it is in. */
function entered(lane: Lane, key?: string) {
  const state = { isIn: false, leave: () => {} };
  void lane.enter(key).then((leave) => Object.assign(state, { isIn: true, leave }));
  return state;
}

const turns = () => new Promise((done) => setImmediate(done));
/** Longer than the rests here. */
const passed = () => new Promise((done) => setTimeout(done, 40));

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

  it('gives up places in a crowd, and takes them back when it is over', async () => {
    const lane = new Lane(3, { from: 2, places: 1, rest: 0 });
    const all = Array.from({ length: 6 }, () => entered(lane));
    const inside = () => all.map(({ isIn }) => (isIn ? 1 : 0)).join('');
    await turns();
    expect(inside()).toBe('111000');
    for (const [index, then] of ['111000', '111000', '111100', '111111'].entries()) {
      all[index]?.leave();
      await passed();
      expect(inside()).toBe(then);
    }
  });

  it('rests after a piece of work in a crowd, and not if few wait', async () => {
    const lane = new Lane(1, { from: 2, places: 1, rest: 20 });
    const [first, second, third] = [entered(lane), entered(lane), entered(lane)];
    await turns();
    first.leave();
    await turns();
    expect(second.isIn).toBe(false);
    await passed();
    expect(second.isIn).toBe(true);
    second.leave();
    await turns();
    expect(third.isIn).toBe(true);
  });

  it('loses no time in a crowd with those who wait no longer', async () => {
    const lane = new Lane(1, { from: 1, places: 1, rest: 60_000 });
    const leave = await lane.enter();
    const late = Array.from({ length: 5 }, () => lane.enterBy(new Deadline(1)));
    await Promise.allSettled(late);
    const next = entered(lane);
    leave(false);
    await turns();
    expect(next.isIn).toBe(true);
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
