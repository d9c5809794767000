import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { boundClientInfo, cleanName } from '../../src/sessions/client-info.js';

const KEY = '🔑';
const PIECES = [
  '\0',
  '\r\n',
  ' ',
  '\t',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200e',
  '\u3164',
  '\u2800',
  '\u{e0061}',
  '\ud800',
  '\udc00',
  '\ufeff',
  KEY,
  'é',
  'a',
  'name',
];
const MESSY = fc.array(fc.constantFrom(...PIECES), { maxLength: 250, size: 'max' }).map((pieces) => pieces.join(''));

describe('the name of a device', () => {
  it.each<[string, string, string]>([
    ['as it is', 'My laptop', 'My laptop'],
    ['in any script', 'テレビ · Räuber 🔑', 'テレビ · Räuber 🔑'],
    ['without blanks around it', ' \t My laptop \n', 'My laptop'],
    ['without NUL, which PostgreSQL refuses', 'My\0laptop', 'My laptop'],
    ['on one line', 'My\r\nlaptop\u2028and\u2029phone', 'My laptop and phone'],
    ['without control characters', 'My\u001b[31m\u0007\u0085laptop', 'My [31m laptop'],
    ['without overrides of its direction', 'My \u202egnp.exe\u202c \u2066laptop\u2069', 'My  gnp.exe   laptop'],
    ['without half a character', 'My \ud83d laptop \udd11', 'My \ufffd laptop \ufffd'],
  ])('is kept %s', (_, given, kept) => {
    expect(cleanName(given)).toBe(kept);
  });

  it.each<[string, string]>([
    ['a family', '👩\u200d👩\u200d👧'],
    ['the flag of England', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['the flag of Japan', '🇯🇵'],
    ['a red heart', '❤\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a Persian word', 'می\u200cخواهم'],
    ['a Hindi word', 'क्\u200dष'],
    ['a Korean one', '휴대폰'],
    ['a Braille one', '⠏⠓⠕⠝⠑'],
    ['a letter and an accent of its own', 'e\u0301'],
    ['an emoji and a word', '📱 phone'],
    ['a dot', '.'],
    ['a word with a filler in it', 'a\u3164b'],
  ])('is kept to the letter where it is %s', (_, name) => {
    expect(cleanName(name)).toBe(name);
  });

  it('is kept without marks of direction', () => {
    expect(cleanName('\u200fהטלפון\u200e (1)\u061c')).toBe('הטלפון (1)');
    expect(cleanName('\u200e \u200f')).toBeNull();
    expect(cleanName('a\u0000\u200e\u0000b')).toBe('a b');
  });

  it.each<[string, string | null | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['blanks', ' \t\n '],
    ['control characters', '\0\u001b\u0007'],
    ['overrides of direction', '\u202e\u2066\u2069'],
    ['a zero-width space', '\u200b'],
    ['joiners', '\u200c\u200d\u2060\ufeff'],
    ['tags', '\u{e0061}\u{e0062}\u{e007f}'],
    ['the fillers of Hangul', '\u3164\u115f\u1160\uffa0'],
    ['an empty Braille pattern', '\u2800'],
    ['a note without a head', '\u{1d159}'],
    ['variation selectors', '\ufe0f\u{e0100}\u180b'],
    ['soft hyphens', '\u00ad\u034f'],
    ['blanks of every width', '\u00a0\u1680\u2000\u2003\u202f\u205f\u3000'],
    ['the frame of an annotation', '\ufff9\ufffa\ufffb'],
    ['one mark of direction', '\u200e'],
    ['marks of direction', '\u200f \u061c \u200e'],
    ['all of them', ' \u200b\u{e0061}\u3164\u2800\u200e '],
    ['100 that do not show before a name', `${'\u200b'.repeat(100)}name`],
    ['64 kB of blanks and a name', `${' '.repeat(65_536)}name`],
  ])('is null when %s is left of it', (_, given) => {
    expect(cleanName(given)).toBeNull();
  });

  it.each<[string, unknown]>([
    ['a number', 7],
    ['a list', ['name']],
    ['an object with a slice of its own', { slice: () => 'name' }],
  ])('is null for %s', (_, given) => {
    expect(cleanName(given as string)).toBeNull();
  });

  it('is cut to 100 characters, of 64 kB too', () => {
    expect(cleanName('n'.repeat(100))).toBe('n'.repeat(100));
    expect(cleanName('n'.repeat(101))).toBe('n'.repeat(100));
    expect(cleanName('n'.repeat(65_536))).toBe('n'.repeat(100));
  });

  it('is never cut through an emoji', () => {
    expect(cleanName('n'.repeat(98) + KEY)).toBe('n'.repeat(98) + KEY);
    expect(cleanName('n'.repeat(99) + KEY)).toBe('n'.repeat(99));
    expect(cleanName(KEY.repeat(51))).toBe(KEY.repeat(50));
  });

  it('does not end in a blank if it is cut at one', () => {
    expect(cleanName(`${'n'.repeat(99)} and more`)).toBe('n'.repeat(99));
  });

  it('is well-formed, on one line, trimmed and bounded, whatever is given', () => {
    fc.assert(
      fc.property(MESSY, (given) => {
        const name = cleanName(given);
        if (name === null) return;
        expect(name.isWellFormed()).toBe(true);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(100);
        expect(name).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u);
        expect(name.replaceAll(/[\u3164\u2800]/g, '')).toMatch(/[\p{L}\p{S}]/u);
        expect(name).toBe(name.trim());
      }),
    );
  });

  it('stays what it is when it is cleaned again', () => {
    fc.assert(
      fc.property(MESSY, (given) => {
        const name = cleanName(given);
        expect(cleanName(name)).toBe(name);
      }),
    );
  });
});

describe('what a client says of itself', () => {
  it('is bounded to what the columns hold', () => {
    const { userAgent, ip } = boundClientInfo({ userAgent: 'u'.repeat(65_536), ip: '1'.repeat(65_536) });
    expect(userAgent).toBe('u'.repeat(512));
    expect(ip).toBe('1'.repeat(45));
  });

  it('keeps the longest address there is in its canonical form, and a text as long', () => {
    const ip = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255';
    expect(boundClientInfo({ ip }).ip).toBe('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff');
    expect(boundClientInfo({ ip: `${ip.slice(0, -1)}x` }).ip).toBe(`${ip.slice(0, -1)}x`);
  });

  it('is null if it says nothing', () => {
    const nothing = { userAgent: null, ip: null };
    expect(boundClientInfo({})).toEqual(nothing);
    expect(boundClientInfo({ userAgent: null, ip: undefined })).toEqual(nothing);
    expect(boundClientInfo({ userAgent: '\0', ip: '\r\n' })).toEqual(nothing);
  });

  it('cannot break a line of a log', () => {
    const { userAgent } = boundClientInfo({ userAgent: 'curl/8\r\n[AuthModule] all is well' });
    expect(userAgent).toBe('curl/8 [AuthModule] all is well');
  });
});
