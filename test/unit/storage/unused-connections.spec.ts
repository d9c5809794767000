import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnusedConnections } from '../../../src/storage/connections/unused-connections.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { SECOND } from '../../support/times.js';

describe('a connection of a process that may be frozen', () => {
  let clock: TestClock;
  let unused: UnusedConnections;
  const connection = {};

  beforeEach(() => {
    clock = new TestClock();
    unused = new UnusedConnections(clock);
  });

  it('is used if it is new, or was used within the last half minute', () => {
    expect(unused.refuses(connection)).toBe(false);
    for (let uses = 0; uses < 3; uses++) {
      clock.advance(30 * SECOND - 1);
      expect(unused.refuses(connection)).toBe(false);
    }
  });

  it('is refused after that, by the wall clock, which goes on while a process is frozen', () => {
    unused.refuses(connection);
    clock.advance(30 * SECOND + 1);
    expect(unused.refuses(connection)).toBe(true);
    expect(unused.refuses({})).toBe(false);
  });

  it.each([
    ['pg', (pool: EventEmitter) => pool.emit('release', undefined, connection)],
    ['mysql2', (pool: EventEmitter) => pool.emit('release', connection)],
  ])('counts as used when the app gives it back to a pool of %s, and no longer after the end', (_, giveBack) => {
    const pool = new EventEmitter();
    const stop = unused.watch(pool);
    giveBack(pool);
    clock.advance(20 * SECOND);
    giveBack(pool);
    clock.advance(20 * SECOND);
    expect(unused.refuses(connection)).toBe(false);
    clock.advance(31 * SECOND);
    expect(unused.refuses(connection)).toBe(true);
    stop();
    expect(pool.listenerCount('release')).toBe(0);
  });

  it('is one that the app alone has used', () => {
    const pool = new EventEmitter();
    unused.watch(pool);
    pool.emit('release', undefined, connection);
    clock.advance(31 * SECOND);
    expect(unused.refuses(connection)).toBe(true);
  });
});
