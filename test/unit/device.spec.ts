import { afterEach, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { describeDevice, deviceName } from '../../src/sessions/device.js';
import type { DeviceView } from '../../src/wire.js';
import { BROWSERS } from './user-agents/browsers.js';
import { OTHERS } from './user-agents/others.js';
import { WINDOWS } from './user-agents/parts.js';

const UNKNOWN: DeviceView = { type: 'unknown', browser: null, os: null };

const ROWS = [...BROWSERS, ...OTHERS];

describe('describeDevice', () => {
  it.each(ROWS)('finds %s: %s, %s, %s in %s', (name, type, browser, os, userAgent) => {
    const device = describeDevice(userAgent);
    expect(device).toEqual({ type, browser, os });
    expect(deviceName(device)).toBe(name);
  });

  it.each(ROWS)('never shows %s by the version of its system', (_name, _type, _browser, _os, userAgent) => {
    expect(deviceName(describeDevice(userAgent))).not.toMatch(/Windows NT|Mac OS X|\d/);
  });

  it.each([
    ...['%E3%85%A4/1', '\u3164/1', '\u115f\u1160\uffa0/1.0', '\u200b\u2800/1'],
    ...['\u{e0061}/1', '%E1%85%9F%F3%A0%81%A1/42 CFNetwork/1568.200.51 Darwin/24.1.0'],
  ])('finds no name in %j, which would show as nothing', (userAgent) => {
    const { browser } = describeDevice(userAgent);
    expect(browser).toBeNull();
  });

  it('leaves out what does not show within a name', () => {
    expect(describeDevice('My\u3164App\u{e0061}/1.0').browser).toBe('MyApp');
  });

  it.each([null, '', '   ', 'asdf qwer', '%00%ff<script>alert(1)</script>', 'Mozilla/5.0', '-/1', '\u0301/1', '\0'])(
    'finds nothing in %j',
    (userAgent) => {
      expect(describeDevice(userAgent)).toEqual(UNKNOWN);
      expect(deviceName(describeDevice(userAgent))).toBe('Unknown device');
    },
  );

  it('takes no markup, control or direction characters from the name of an app', () => {
    expect(describeDevice('<b>Ev\u202eil\u0007\n&"App/1.0').browser).toBe('bEvilApp');
    expect(describeDevice('Ev%00%0A%3Cil%3E/1.0').browser).toBe('Evil');
    expect(describeDevice('Bad%E0%A4%Escape/1.0').browser).toBe('BadE0A4Escape');
  });

  it('cuts the name of an app, a bot or an Electron app, never amid a character', () => {
    expect(describeDevice(`${'a'.repeat(100)}/1.0`).browser).toBe('a'.repeat(40));
    expect(describeDevice(`${'a'.repeat(100)}-bot/1.0`).browser).toBe('a'.repeat(40));
    expect(describeDevice(`${WINDOWS} ${'a'.repeat(100)}/1.0 Electron/33.2.1`).browser).toBe('a'.repeat(40));
    expect(describeDevice(`a${'\u{20000}'.repeat(50)}/1.0`).browser).toBe(`a${'\u{20000}'.repeat(19)}`);
  });

  it('is never thrown off: any text gives a short, plain, non-empty name', () => {
    const pieces = ROWS.flatMap(([, , , , userAgent]) => userAgent.split(/(?=[ /;()])/));
    const text = fc.string({ unit: 'binary' });
    const spliced = fc.array(fc.oneof(fc.constantFrom(...pieces), text)).map((all) => all.join(''));
    const names = text.map((name) => `${name}/1.0`);
    const plain = /^(?! )[\p{L}\p{M}\p{N} ._+-]{1,40}(?<! )$/u;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), names, spliced), (userAgent) => {
        const device = describeDevice(userAgent);
        for (const shown of [device.browser, device.os]) {
          if (shown !== null) expect(shown).toMatch(plain);
          expect(shown?.length ?? 0).toBeLessThanOrEqual(40);
        }
        expect(deviceName(device)).not.toBe('');
        expect(device.os ?? '').not.toMatch(/NT|\d/);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives each caller a device of its own', () => {
    describeDevice('curl/8.7.1').browser = 'spoilt';
    expect(describeDevice('curl/8.7.1').browser).toBe('curl');
  });
});

describe('deviceName', () => {
  it('uses what there is', () => {
    expect(deviceName({ type: 'phone', browser: null, os: 'Android' })).toBe('Android');
    expect(deviceName({ type: 'tv', browser: 'Safari', os: null })).toBe('Safari');
    expect(deviceName({ type: 'unknown', browser: '', os: '' })).toBe('Unknown device');
  });
});

describe('the parser beneath', () => {
  async function withParser(parse: (userAgent: string) => unknown): Promise<typeof describeDevice> {
    vi.resetModules();
    vi.doMock('bowser', () => ({ BROWSER_MAP: {}, parse }));
    return (await import('../../src/sessions/device.js')).describeDevice;
  }

  afterEach(() => {
    vi.doUnmock('bowser');
    vi.resetModules();
  });

  it('may fail: the device is unknown then', async () => {
    const lookUp = await withParser(() => {
      throw new Error('tripped');
    });
    expect(lookUp('curl/8.7.1')).toEqual(UNKNOWN);
  });

  it('is asked once for each of the last 500 User-Agents in use, and reads at most 512 characters', async () => {
    const parse = vi.fn((_userAgent: string) => ({ browser: {}, os: {}, platform: {} }));
    const lookUp = await withParser(parse);
    lookUp('idle/1');
    for (let i = 0; i < 500; i++) {
      lookUp('busy/1');
      lookUp(`filler-${i}/1`);
    }
    expect(parse).toHaveBeenCalledTimes(502);
    lookUp('busy/1');
    expect(parse).toHaveBeenCalledTimes(502);
    lookUp('idle/1');
    expect(parse).toHaveBeenCalledTimes(503);
    lookUp('long'.repeat(500));
    expect(parse).toHaveBeenLastCalledWith('long'.repeat(128));
  });
});
