import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ConfigurationError } from '../../src/errors.js';
import { parseDuration } from '../../src/options/duration.js';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

describe('a duration', () => {
  it.each<[unknown, number]>([
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['0s', 0],
    ['007s', 7_000],
    [0, 0],
    [1500, 1_500],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('reads %j as %i milliseconds', (given, milliseconds) => {
    expect(parseDuration('accessTtl', given)).toBe(milliseconds);
  });

  it('is a whole number of its unit, whatever number and unit', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[])), (n, unit) => {
        expect(parseDuration('accessTtl', `${n}${unit}`)).toBe(n * UNITS[unit]);
      }),
    );
  });

  it.each<[string, unknown]>([
    ['an empty text', ''],
    ['a number in a text', '300'],
    ['a unit alone', 'm'],
    ['a space between', '5 m'],
    ['a space before', ' 5m'],
    ['a line break after', '5m\n'],
    ['a unit in capitals', '5M'],
    ['a word', '5 minutes'],
    ['a fraction', '1.5h'],
    ['a sign', '-5m'],
    ['a plus', '+5m'],
    ['two parts', '1h30m'],
    ['digits of another script', '٥m'],
    ['an exponent', '1e3s'],
    ['an ISO 8601 duration', 'PT5M'],
    ['more than a number holds', '999999999999999d'],
    ['more digits than are read', `${'9'.repeat(400)}ms`],
    ['a negative number', -1],
    ['half a millisecond', 0.5],
    ['more than the safe integers', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['null', null],
    ['undefined', undefined],
    ['a boolean', true],
    ['a list', ['5m']],
    ['an object', { minutes: 5 }],
    ['a big integer', 300_000n],
    ['a symbol', Symbol('5m')],
  ])('is not %s, and the error names the option and how to write one', (_, given) => {
    const read = () => parseDuration('idleTimeout', given);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(
      /^AuthModule option `idleTimeout`: .* is not a valid duration\. Write a whole number with a unit, .*'5m'/s,
    );
  });

  it.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a text', '5 minutes', '"5 minutes"'],
    ['undefined', undefined, 'undefined'],
  ])('that is %s is called by its name in the error', (_, given, name) => {
    expect(() => parseDuration('accessTtl', given)).toThrow(
      `AuthModule option \`accessTtl\`: ${name} is not a valid duration.`,
    );
  });

  it('is never anything but a safe whole number, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.integer(), fc.anything()), (given) => {
        let read: number | undefined;
        try {
          read = parseDuration('accessTtl', given);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
        }
        expect(read === undefined || (Number.isSafeInteger(read) && read >= 0)).toBe(true);
      }),
    );
  });
});
