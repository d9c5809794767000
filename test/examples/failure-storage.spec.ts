import { beforeEach, describe, expect, it } from 'vitest';
import { FailureStorage, MAX_KEYS } from '../../examples/limits/failure-storage.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { HOUR, MINUTE } from '../support/times.js';

const TTL = 5 * MINUTE;
const LIMIT = 20;
const UNDER_WAY = 200;
const NAME = 'sign-in, account';

let clock: TestClock;
let storage: FailureStorage;

const charge = (key = 'ada') => storage.increment(key, TTL, LIMIT, TTL, NAME);

/** Charges and settles so many times, and counts the charges that were accepted. */
async function attempts(count: number, status: number, key = 'ada'): Promise<number> {
  let accepted = 0;
  for (; count > 0; count--) {
    if ((await charge(key)).isBlocked) continue;
    accepted += 1;
    storage.settle(key, status, NAME);
  }
  return accepted;
}

beforeEach(() => {
  clock = new TestClock();
  storage = new FailureStorage(clock);
});

describe('a budget of failures', () => {
  it.each([400, 401, 403, 404])('is used up by answers of %d', async (status) => {
    expect(await attempts(LIMIT + 5, status)).toBe(LIMIT);
    expect(await charge('grace')).toMatchObject({ isBlocked: false });
  });

  it.each([200, 204, 500, 503, 429])('is not used up by answers of %d', async (status) => {
    expect(await attempts(1_000, status)).toBe(1_000);
    expect(storage.size).toBe(0);
  });

  it('is not given back by a success', async () => {
    await attempts(LIMIT - 1, 401);
    await attempts(5, 200);
    expect(await attempts(5, 401)).toBe(1);
  });

  it('returns when the window ends, and tells when that is', async () => {
    await attempts(1, 401);
    clock.advance(TTL - 1_500);
    await attempts(LIMIT, 401);
    expect(await charge()).toMatchObject({ isBlocked: true, timeToBlockExpire: 2 });
    clock.advance(1_499);
    expect(await charge()).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
    clock.advance(1);
    expect(await attempts(LIMIT + 5, 401)).toBe(LIMIT);
  });

  it('returns soon, however far the clock is set back', async () => {
    clock.advance(HOUR);
    await attempts(LIMIT, 401);
    clock.advance(-HOUR);
    expect(await attempts(LIMIT + 5, 401)).toBe(LIMIT);
  });
});

describe('requests under way', () => {
  it('are bounded, and told to come back in a moment', async () => {
    const hits = await Promise.all(Array.from({ length: UNDER_WAY + 50 }, () => charge()));
    expect(hits.filter(({ isBlocked }) => !isBlocked)).toHaveLength(UNDER_WAY);
    expect(hits.at(-1)).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
  });

  it('bound the guesses that are made at once', async () => {
    await attempts(LIMIT - 1, 401);
    let guesses = LIMIT - 1;
    for (let i = 0; i < 1_000; i++) guesses += (await charge()).isBlocked ? 0 : 1;
    for (let i = 0; i < UNDER_WAY; i++) storage.settle('ada', 401, NAME);
    guesses += await attempts(1_000, 401);
    expect(guesses).toBe(LIMIT - 1 + UNDER_WAY);
  });

  it('do not count for ever if nobody tells how they ended', async () => {
    for (let i = 0; i < UNDER_WAY; i++) await charge();
    clock.advance(TTL);
    expect(await charge()).toMatchObject({ isBlocked: false });
  });

  it('count no less than none when they end after their window', async () => {
    await charge();
    clock.advance(TTL);
    await attempts(1, 401);
    for (let i = 0; i < 5; i++) storage.settle('ada', 200, NAME);
    const hits = await Promise.all(Array.from({ length: UNDER_WAY + 1 }, () => charge()));
    expect(hits.filter(({ isBlocked }) => !isBlocked)).toHaveLength(UNDER_WAY);
  });
});

describe('the keys', () => {
  it('leave when their window ends', async () => {
    for (let i = 0; i < 100; i++) await attempts(1, 401, `key-${i}`);
    expect(storage.size).toBe(100);
    clock.advance(TTL);
    await attempts(1, 401, 'another');
    expect(storage.size).toBe(1);
  });

  it('are no more than so many: the oldest is forgotten', async () => {
    await attempts(LIMIT, 401, 'oldest');
    for (let i = 0; i < MAX_KEYS + 100; i++) await attempts(1, 401, `key-${i}`);
    expect(storage.size).toBe(MAX_KEYS);
    expect(await charge('oldest')).toMatchObject({ isBlocked: false });
    expect(await attempts(LIMIT, 401, `key-${MAX_KEYS}`)).toBe(LIMIT - 1);
  });
});
