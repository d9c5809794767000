import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { describeDevice, deviceName } from '../../src/sessions/device.js';
import type { DeviceType, DeviceView } from '../../src/wire.js';

type Row = [name: string, type: DeviceType, browser: string | null, os: string | null, userAgent: string];

const UNKNOWN: DeviceView = { type: 'unknown', browser: null, os: null };

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
const GALAXY = 'Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B)';
const HUAWEI = 'Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00)';
const SAMSUNG_TV = 'Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const CRAWLER = 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible;';
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROME = `${BLINK} Chrome/131.0.0.0 Safari/537.36`;
const CHROME_PHONE = `${BLINK} Chrome/131.0.0.0 Mobile Safari/537.36`;
const MOBILE_SAFARI = 'Mobile/15E148 Safari/604.1';

const ROWS: Row[] = [
  // desktops
  ['Chrome on Windows', 'desktop', 'Chrome', 'Windows', `${WINDOWS} ${CHROME}`],
  ['Edge on Windows', 'desktop', 'Edge', 'Windows', `${WINDOWS} ${CHROME} Edg/131.0.2903.86`],
  ['Opera on Windows', 'desktop', 'Opera', 'Windows', `${WINDOWS} ${CHROME} OPR/115.0.0.0`],
  ['Vivaldi on Windows', 'desktop', 'Vivaldi', 'Windows', `${WINDOWS} ${CHROME} Vivaldi/6.8.3381.44`],
  [
    'Yandex Browser on Windows',
    'desktop',
    'Yandex Browser',
    'Windows',
    `${WINDOWS} ${BLINK} Chrome/122.0.6261.128 YaBrowser/24.4.1.901 Yowser/2.5 Safari/537.36`,
  ],
  [
    'Firefox on Windows',
    'desktop',
    'Firefox',
    'Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
  ],
  [
    'Internet Explorer on Windows',
    'desktop',
    'Internet Explorer',
    'Windows',
    'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko',
  ],
  ['Safari on macOS', 'desktop', 'Safari', 'macOS', `${MAC} ${WEBKIT} Version/18.1 Safari/605.1.15`],
  ['Chrome on macOS', 'desktop', 'Chrome', 'macOS', `${MAC} ${CHROME}`],
  ['Edge on macOS', 'desktop', 'Edge', 'macOS', `${MAC} ${CHROME} Edg/131.0.0.0`],
  [
    'Firefox on macOS',
    'desktop',
    'Firefox',
    'macOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0',
  ],
  ['Chrome on Linux', 'desktop', 'Chrome', 'Linux', `${LINUX} ${CHROME}`],
  [
    'Firefox on Linux',
    'desktop',
    'Firefox',
    'Linux',
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
  ],
  [
    'Epiphany on Linux',
    'desktop',
    'Epiphany',
    'Linux',
    `${LINUX} ${WEBKIT} Version/17.0 Safari/605.1.15 Epiphany/605.1.15`,
  ],
  ['Chrome on ChromeOS', 'desktop', 'Chrome', 'ChromeOS', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME}`],
  [
    'Firefox on FreeBSD',
    'desktop',
    'Firefox',
    'FreeBSD',
    'Mozilla/5.0 (X11; FreeBSD amd64; rv:133.0) Gecko/20100101 Firefox/133.0',
  ],
  // Electron apps
  [
    'Slack on Windows',
    'desktop',
    'Slack',
    'Windows',
    `${WINDOWS} ${BLINK} Slack/4.41.98 Chrome/130.0.6723.137 Electron/33.2.1 Safari/537.36 Sonic`,
  ],
  [
    'Code on macOS',
    'desktop',
    'Code',
    'macOS',
    `${MAC} ${BLINK} Code/1.95.3 Chrome/128.0.6613.186 Electron/32.2.1 Safari/537.36`,
  ],
  [
    'discord on Windows',
    'desktop',
    'discord',
    'Windows',
    `${WINDOWS} ${BLINK} discord/1.0.9173 Chrome/128.0.6613.186 Electron/32.2.2 Safari/537.36`,
  ],
  [
    'Electron on macOS',
    'desktop',
    'Electron',
    'macOS',
    `${MAC} ${BLINK} Chrome/128.0.6613.186 Electron/32.2.1 Safari/537.36`,
  ],
  // phones
  ['Safari on iOS', 'phone', 'Safari', 'iOS', `${IPHONE} ${WEBKIT} Version/18.1 ${MOBILE_SAFARI}`],
  ['Chrome on iOS', 'phone', 'Chrome', 'iOS', `${IPHONE} ${WEBKIT} CriOS/131.0.6778.73 ${MOBILE_SAFARI}`],
  ['Firefox on iOS', 'phone', 'Firefox', 'iOS', `${IPHONE} ${WEBKIT} FxiOS/133.0 ${MOBILE_SAFARI}`],
  ['Edge on iOS', 'phone', 'Edge', 'iOS', `${IPHONE} ${WEBKIT} Version/17.0 EdgiOS/131.0.2903.68 ${MOBILE_SAFARI}`],
  [
    'DuckDuckGo on iOS',
    'phone',
    'DuckDuckGo',
    'iOS',
    `${IPHONE} ${WEBKIT} Version/18.1 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15`,
  ],
  [
    'Facebook on iOS',
    'phone',
    'Facebook',
    'iOS',
    `${IPHONE} ${WEBKIT} Mobile/15E148 [FBAN/FBIOS;FBAV/490.0.0.36.110;FBDV/iPhone15,2;FBSV/18.1]`,
  ],
  [
    'Instagram on iOS',
    'phone',
    'Instagram',
    'iOS',
    `${IPHONE} ${WEBKIT} Mobile/15E148 Instagram 357.0.0.25.101 (iPhone14,5; iOS 18_1; en_US)`,
  ],
  ['Safari on iOS', 'phone', 'Safari', 'iOS', `${IPHONE} ${WEBKIT} Mobile/15E148 YJApp-IOS jp.co.yahoo.ipn.appli/4.50`],
  ['Chrome on Android', 'phone', 'Chrome', 'Android', `${ANDROID} ${CHROME_PHONE}`],
  ['Chrome on Android', 'phone', 'Chrome', 'Android', `Mozilla/5.0 (Linux; Android 14; CUBOT X90) ${CHROME_PHONE}`],
  ['Edge on Android', 'phone', 'Edge', 'Android', `${ANDROID} ${CHROME_PHONE} EdgA/131.0.0.0`],
  ['Opera on Android', 'phone', 'Opera', 'Android', `${ANDROID} ${CHROME_PHONE} OPR/86.0.0.0`],
  [
    'Firefox on Android',
    'phone',
    'Firefox',
    'Android',
    'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0',
  ],
  [
    'Samsung Internet on Android',
    'phone',
    'Samsung Internet',
    'Android',
    `${GALAXY} ${BLINK} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'Huawei Browser on Android',
    'phone',
    'Huawei Browser',
    'Android',
    `${HUAWEI} ${BLINK} Chrome/99.0.4844.88 HuaweiBrowser/14.0.3.300 Mobile Safari/537.36`,
  ],
  // tablets
  ['Safari on iPadOS', 'tablet', 'Safari', 'iPadOS', `${IPAD} ${WEBKIT} Version/18.1 ${MOBILE_SAFARI}`],
  ['Chrome on iPadOS', 'tablet', 'Chrome', 'iPadOS', `${IPAD} ${WEBKIT} CriOS/131.0.6778.73 ${MOBILE_SAFARI}`],
  ['Firefox on iPadOS', 'tablet', 'Firefox', 'iPadOS', `${MAC} ${WEBKIT} FxiOS/133.0 Safari/605.1.15`],
  [
    'Safari on iOS',
    'tablet',
    'Safari',
    'iOS',
    `Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) ${WEBKIT} Version/12.1.2 ${MOBILE_SAFARI}`,
  ],
  ['Chrome on Android', 'tablet', 'Chrome', 'Android', `Mozilla/5.0 (Linux; Android 13; SM-X906C) ${CHROME}`],
  [
    'Firefox on Android',
    'tablet',
    'Firefox',
    'Android',
    'Mozilla/5.0 (Android 13; Tablet; rv:133.0) Gecko/133.0 Firefox/133.0',
  ],
  [
    'Amazon Silk on Android',
    'tablet',
    'Amazon Silk',
    'Android',
    `Mozilla/5.0 (Linux; Android 11; KFTRWI) ${BLINK} Silk/121.4.1 like Chrome/121.0.6167.180 Safari/537.36`,
  ],
  // televisions and watches
  [
    'Samsung Internet on Tizen',
    'tv',
    'Samsung Internet',
    'Tizen',
    `${SAMSUNG_TV} ${BLINK} Version/5.0 SamsungBrowser/2.2 Chrome/63.0.3239.84 TV Safari/537.36`,
  ],
  [
    'Tizen',
    'tv',
    null,
    'Tizen',
    `Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) ${BLINK} 76.0.3809.146/6.0 TV Safari/537.36`,
  ],
  [
    'webOS',
    'tv',
    null,
    'webOS',
    `Mozilla/5.0 (Web0S; Linux/SmartTV) ${BLINK} Chrome/87.0.4280.88 Safari/537.36 WebAppManager`,
  ],
  [
    'Chrome on Android',
    'tv',
    'Chrome',
    'Android',
    `Mozilla/5.0 (Linux; Android 9; BRAVIA 4K UR2 Build/PTT1.190515.001.S104) ${CHROME}`,
  ],
  [
    'Amazon Silk on Android',
    'tv',
    'Amazon Silk',
    'Android',
    `Mozilla/5.0 (Linux; Android 9; AFTMM) ${BLINK} Silk/112.5.1 like Chrome/112.0.5615.213 Safari/537.36`,
  ],
  [
    'Safari on PlayStation',
    'tv',
    'Safari',
    'PlayStation',
    `Mozilla/5.0 (PlayStation; PlayStation 5/5.00) ${WEBKIT} Version/13.0 Safari/605.1.15`,
  ],
  [
    'PlayStation',
    'tv',
    null,
    'PlayStation',
    `Mozilla/5.0 (PlayStation 4 11.00) ${WEBKIT} Version/13.0 Safari/605.1.15`,
  ],
  [
    'Tizen',
    'watch',
    null,
    'Tizen',
    `Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-R730A) ${BLINK} Version/2.3 Mobile Safari/537.3`,
  ],
  // bots
  ['Googlebot', 'bot', 'Googlebot', null, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  [
    'Googlebot',
    'bot',
    'Googlebot',
    null,
    `${ANDROID} ${CHROME_PHONE} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
  ],
  [
    'bingbot',
    'bot',
    'bingbot',
    null,
    `${CRAWLER} bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36`,
  ],
  ['GPTBot', 'bot', 'GPTBot', null, `${CRAWLER} GPTBot/1.2; +https://openai.com/gptbot)`],
  [
    'ChatGPT-User',
    'bot',
    'ChatGPT-User',
    null,
    `Mozilla/5.0 ${BLINK}; compatible; ChatGPT-User/1.0; +https://openai.com/bot`,
  ],
  [
    'Baiduspider',
    'bot',
    'Baiduspider',
    null,
    'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  ],
  [
    'facebookexternalhit',
    'bot',
    'facebookexternalhit',
    null,
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  ],
  [
    'Slackbot-LinkExpanding',
    'bot',
    'Slackbot-LinkExpanding',
    null,
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  ],
  // apps, libraries and tools
  ['curl', 'app', 'curl', null, 'curl/8.7.1'],
  ['Wget on Linux', 'app', 'Wget', 'Linux', 'Wget/1.21.3 (linux-gnu)'],
  ['okhttp', 'app', 'okhttp', null, 'okhttp/4.12.0'],
  ['okhttp on Android', 'app', 'okhttp', 'Android', 'okhttp/4.12.0 (Linux; Android 14; Pixel 8)'],
  ['Dart', 'app', 'Dart', null, 'Dart/3.1 (dart:io)'],
  ['MyApp', 'app', 'MyApp', null, 'MyApp/42 CFNetwork/1568.200.51 Darwin/24.1.0'],
  ['Mein Müsli', 'app', 'Mein Müsli', null, 'Mein%20M%C3%BCsli/42 CFNetwork/1568.200.51 Darwin/24.1.0'],
  ['MyApp on iOS', 'app', 'MyApp', 'iOS', 'MyApp/1.0 (com.acme.app; build:1; iOS 17.0.0) Alamofire/5.8.0'],
  ['com.acme.app on iOS', 'app', 'com.acme.app', 'iOS', 'com.acme.app/1 (iPhone; iOS 17.1; Scale/3.00)'],
  ['com.acme.app on iPadOS', 'app', 'com.acme.app', 'iPadOS', 'com.acme.app/1 (iPad; iOS 17.1; Scale/2.00)'],
  [
    'Microsoft Office on Windows',
    'app',
    'Microsoft Office',
    'Windows',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)',
  ],
  ['python-requests', 'app', 'python-requests', null, 'python-requests/2.32.3'],
  ['node', 'app', 'node', null, 'node'],
  ['undici', 'app', 'undici', null, 'undici'],
  ['got', 'app', 'got', null, 'got (https://github.com/sindresorhus/got)'],
  ['axios', 'app', 'axios', null, 'axios/1.7.7'],
  ['PostmanRuntime', 'app', 'PostmanRuntime', null, 'PostmanRuntime/7.42.0'],
  ['Go-http-client', 'app', 'Go-http-client', null, 'Go-http-client/2.0'],
  ['Apache-HttpClient', 'app', 'Apache-HttpClient', null, 'Apache-HttpClient/4.5.14 (Java/17.0.9)'],
  [
    'Dalvik on Android',
    'app',
    'Dalvik',
    'Android',
    'Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)',
  ],
];

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
    jest.resetModules();
    jest.unstable_mockModule('bowser', () => ({ BROWSER_MAP: {}, parse }));
    return (await import('../../src/sessions/device.js')).describeDevice;
  }

  it('may fail: the device is unknown then', async () => {
    const lookUp = await withParser(() => {
      throw new Error('tripped');
    });
    expect(lookUp('curl/8.7.1')).toEqual(UNKNOWN);
  });

  it('is asked once for each of the last 500 User-Agents in use, and reads at most 512 characters', async () => {
    const parse = jest.fn((_userAgent: string) => ({ browser: {}, os: {}, platform: {} }));
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
