import { describe, expect, it } from 'vitest';
import { causeText, placeOf } from '../../../src/faults/cause-text.js';

const failed = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('the cause of a fault, in a line', () => {
  it('is the message, with the code of the server', () => {
    expect(causeText(failed('terminating connection', { code: '57P01' }))).toBe('[57P01] terminating connection');
    const locked = { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205, sqlState: 'HY000' };
    expect(causeText(failed('Lock wait', locked))).toBe('[ER_LOCK_WAIT_TIMEOUT 1205 HY000] Lock wait');
    expect(causeText(failed('database is locked', { code: 'SQLITE_BUSY' }))).toBe('[SQLITE_BUSY] database is locked');
  });

  it('says a code once, and no number that means nothing', () => {
    const refused = failed('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED', errno: -111 });
    expect(causeText(refused)).toBe('connect ECONNREFUSED 127.0.0.1:5432');
  });

  it('names what is beneath, each once, to a depth', () => {
    const root = failed('connect ETIMEDOUT', { code: 'ETIMEDOUT' });
    expect(causeText(failed('no connection', { cause: failed('no connection', { cause: root }) }))).toBe(
      'no connection, caused by connect ETIMEDOUT',
    );
    const ring = failed('in a ring');
    ring.cause = ring;
    expect(causeText(ring)).toBe('in a ring');
  });

  it('speaks for the first of several addresses where the whole has no words', () => {
    const both = Object.assign(new AggregateError([failed('connect ECONNREFUSED ::1:5432'), failed('other')], ''), {
      code: 'ECONNREFUSED',
    });
    expect(causeText(both)).toContain('connect ECONNREFUSED ::1:5432');
  });

  it('is one short line, whatever was thrown', () => {
    expect(causeText(failed('one\r\ntwo\u2028three\u0000\u001b[31m'))).toBe('one two three [31m');
    expect(causeText(failed('x'.repeat(10_000))).length).toBeLessThan(310);
    expect([causeText('a text'), causeText(undefined), causeText(null), causeText({}), causeText(7)]).toEqual([
      'a text',
      'no cause was given',
      'no cause was given',
      'no cause was given',
      '7',
    ]);
  });

  it('names the place in the code of the app', () => {
    expect(placeOf(failed('here'))).toMatch(/^ \(at .*cause-text\.spec\.ts:\d+:\d+\)?\)$/);
    expect(placeOf('a text')).toBe('');
  });
});
