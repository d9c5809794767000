import { ANDROID, BLINK, CHROME, CHROME_PHONE, type Row, WEBKIT, WINDOWS } from './parts.js';

const LINUX = 'Mozilla/5.0 (X11; Linux x86_64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const GALAXY = 'Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B)';
const HUAWEI = 'Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)';
const MOBILE_SAFARI = 'Mobile/15E148 Safari/604.1';

/** On desktops, phones and tablets. */
export const BROWSERS: Row[] = [
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
];
