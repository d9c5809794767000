import { describe, expect, it } from 'vitest';
import { isGeneration, isGuid, userIdOf } from '../../src/id-rules.js';
import { newGuid, newRefTokID } from '../../src/sessions/ids.js';

const RULE = 'A user id is a text of 1 to 255 characters, a BigInt, an ObjectId or a safe integer, and this is ';

describe('a user id', () => {
  it.each<[unknown, string]>([
    ['ada', 'ada'],
    [' ada ', ' ada '],
    ['1', '1'],
    ['01', '01'],
    ['😀', '😀'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [1, '1'],
    [0, '0'],
    [-0, '0'],
    [-7, '-7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2n ** 64n, '18446744073709551616'],
    [{ toHexString: () => '507f1f77bcf86cd799439011' }, '507f1f77bcf86cd799439011'],
  ])('%o is the text %j', (given, text) => {
    expect(userIdOf(given)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a text of 256 characters', 'x'.repeat(256)],
    ['a text with a NUL in it', 'ada\0'],
    ['a text with half a character (a lone surrogate) in it', 'ada\ud83d'],
    ['the number 1.5', 1.5],
    ['the number NaN', Number.NaN],
    ['the number Infinity', Number.POSITIVE_INFINITY],
    ['the number 9007199254740992', 2 ** 53],
    ['a boolean', true],
    ['a symbol', Symbol('ada')],
    ['a function', () => 'ada'],
    ['an object', { toString: () => 'ada' }],
    ['an object', new String('ada')],
    ['an object', Buffer.from('ada')],
    ['an array', ['ada']],
  ])('is not %s', (what, given) => {
    expect(() => userIdOf(given)).toThrow(TypeError);
    expect(() => userIdOf(given)).toThrow(`${RULE}${what}. Give the \`id\` of one user`);
  });
});

describe('the name of a session', () => {
  it('has the form of those that are made', () => {
    for (let n = 0; n < 1_000; n++) expect([isGuid(newGuid()), isGeneration(newRefTokID())]).toEqual([true, true]);
  });

  it.each([undefined, null, 7, [newGuid()], '', `${newGuid()} `, ` ${newGuid()}`, `${newGuid()}\n`, `${newGuid()}\0`])(
    'is not %j',
    (given) => {
      expect([isGuid(given), isGeneration(given)]).toEqual([false, false]);
    },
  );
});
