import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthError } from '../../../src/errors.js';
import { FaultLog } from '../../../src/faults/fault-log.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { MINUTE, SECOND } from '../../support/times.js';

const AWAY = Object.assign(new Error('the database is away'), { code: '57P01' });

let clock: TestClock;
let lines: string[];
let log: FaultLog;

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  log = new FaultLog((level, line) => lines.push(`${level} ${line}`), clock);
});
afterEach(() => log.stop());

const turn = () => new Promise(setImmediate);
/** Lets time pass with a tick each second, as the timer does. */
function pass(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += SECOND) {
    clock.advance(SECOND);
    log.tick();
  }
}
/** A question to the store that fails, and the request that asked is answered 503. */
function refuse(route = 'GET /profile', cause: unknown = new Error('away')): void {
  log.failed('store', cause);
  log.answered(new AuthError('unavailable', 'store_failed', { cause }), 'store', route);
}

describe('a fault in the log', () => {
  it('is one line when it begins, with cause, code, route and what to look at, whoever else meets it', async () => {
    refuse('GET /profile', AWAY);
    for (let more = 0; more < 20_000; more++) refuse('POST /auth/refresh');
    await turn();
    log.tick();
    expect(lines).toEqual([
      'error The session store fails: [57P01] the database is away, first at GET /profile. ' +
        'Requests that need it are answered 503. Look at the database, its connections and the network to it.',
    ]);
  });

  it('has its count told while it lasts, after half a minute and then less and less often', () => {
    refuse();
    for (let second = 0; second < 60 * 60; second++) {
      pass(SECOND);
      refuse();
    }
    expect(lines[1]).toMatch(
      /^error The session store fails \(for 30 s now\): 30 failures, 30 requests answered 503, first at GET \/profile\. Last cause: away\.$/,
    );
    // After 30 s, 90 s, 3.5 min, 7.5 min, 15.5 min, and then every ten minutes.
    expect(lines).toHaveLength(1 + 5 + 4);
  });

  it('has no count told if it lasts until the setup changes', async () => {
    log.failed('unheard', new Error('nothing arrived'));
    await turn();
    for (let second = 0; second < 60 * 60; second += 30) {
      log.failed('unheard', new Error('nothing arrived'));
      pass(30 * SECOND);
    }
    expect(lines).toEqual([
      expect.stringMatching(/^warn Messages between processes do not arrive: nothing arrived\. /),
    ]);
  });

  it('is one line when it is over: how long it lasted, and how many it met', () => {
    for (let count = 0; count < 22_586; count++) refuse();
    pass(42 * SECOND);
    log.succeeded('store');
    pass(10 * SECOND);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe(
      'warn The session store works again. The fault lasted 42 s: 22,586 failures, 22,586 requests answered 503.',
    );
    pass(10 * MINUTE);
    expect(lines).toHaveLength(3);
  });

  it('is one fault if it comes and goes', () => {
    for (let second = 0; second < 25; second++) {
      refuse();
      log.succeeded('store');
      pass(SECOND);
    }
    expect(lines).toHaveLength(1);
    pass(10 * SECOND);
    expect(lines[1]).toMatch(/works again\. The fault lasted 24 s: 25 failures/);
  });

  it('is not forgotten where nobody asks any more, and not called over without a success', () => {
    refuse();
    pass(21 * MINUTE);
    expect(lines.filter((line) => line.includes('works again'))).toEqual([]);
    expect(lines.slice(1).map((line) => line.slice(0, 60))).toEqual([
      'error The session store fails (for 10 min now): 1 failure, 1',
      'error The session store fails (for 20 min now): 1 failure, 1',
    ]);
  });

  it('begins without a route if no request met it', async () => {
    log.failed('store', AWAY);
    expect(lines).toEqual([]);
    await turn();
    expect(lines[0]).toMatch(/the database is away\. Requests that need it/);
  });

  it('is told by whoever is nearest to it, and once', async () => {
    const cause = new Error('Redis did not answer within 500 ms');
    log.failed('redis', cause);
    log.failed('store', cause);
    log.answered(new AuthError('unavailable', 'store_failed', { cause }), 'store', 'GET /profile');
    await turn();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn Redis is lost, and is tried again: .*first at GET \/profile/);
  });

  it('is reported if a request was answered 503 and no reason was reported before', () => {
    log.answered(new AuthError('unavailable', 'store_failed'), 'store', 'GET /profile');
    expect(lines[0]).toContain('The session store fails: unavailable (store_failed), first at GET /profile');
  });

  it('ends by itself if no success is reported', () => {
    log.failed('futureTokens', new Error('a token is dated 300 s ahead'), 'GET /profile');
    pass(5 * MINUTE);
    expect(lines.at(-1)).toMatch(/^warn No token was dated ahead for 5 minutes\. .*: \d failures?\.$/);
  });

  it('ends whichever way the clock was set meanwhile', () => {
    refuse();
    clock.advance(-60 * MINUTE);
    log.succeeded('store');
    log.tick();
    expect(lines.at(-1)).toContain('works again');
  });

  it('of two kinds are two', () => {
    refuse();
    log.failed('users', new Error('the directory is away'), 'POST /auth/login');
    log.succeeded('users');
    pass(20 * SECOND);
    expect(lines.map((line) => line.slice(0, 40))).toEqual([
      'error The session store fails: away, fir',
      "error The app's `users` fail: the direct",
      "warn The app's `users` answer again. The",
    ]);
  });

  it('says how far it came when the app shuts down', () => {
    refuse();
    refuse();
    log.stop();
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/2 failures, 2 requests answered 503.*The app shuts down\.$/);
  });
});

describe('the timer of the log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs while something fails, and not otherwise', () => {
    log.succeeded('store');
    expect(vi.getTimerCount()).toBe(0);
    refuse();
    log.succeeded('store');
    vi.advanceTimersByTime(SECOND);
    expect(vi.getTimerCount()).toBe(1);
    clock.advance(10 * SECOND);
    vi.advanceTimersByTime(SECOND);
    expect(lines.at(-1)).toContain('works again');
    expect(vi.getTimerCount()).toBe(0);
  });
});
