import { BROWSER_MAP, parse } from 'bowser';
import type { DeviceType, DeviceView } from '../wire.js';
import { MAX_USER_AGENT_LENGTH } from './client-info.js';
import { withoutIgnored } from './visible-text.js';

/** Of a browser, a system or an app, as a User-Agent names it. */
const MAX_PART = 40;
const MAX_CACHED = 500;
const BROWSERS = new Set(Object.values(BROWSER_MAP));
const RENAMED = new Map([
  ['Microsoft Edge', 'Edge'],
  ['Samsung Internet for Android', 'Samsung Internet'],
  ['Miui', 'MIUI Browser'],
  ['HuaweiBrowser', 'Huawei Browser'],
  ['FBAN', 'Facebook'],
  ['Instagram', 'Instagram'],
  ['PlayStation 4', 'PlayStation'],
  ['Chrome OS', 'ChromeOS'],
  ['WebOS', 'webOS'],
  ['WebOS Browser', 'webOS'],
]);
const TYPES: Record<string, DeviceType> = { desktop: 'desktop', mobile: 'phone', tablet: 'tablet', tv: 'tv' };

// The parser takes everything that mentions Yahoo for its crawler, even the apps of Yahoo Japan.
const YAHOO = /yahoo/gi;
const URLS = /https?:\/\/\S*/gi;
// Cubot makes phones.
const BOT = /(?<!^cu)bot(?:$|[-_])|(?:crawler|spider|slurp|archiver)$|^facebookexternalhit$/i;
const PRODUCT = /^(?!Mozilla\/|Opera\/)([^/;()]{1,400})\/v?\d/;
const BARE_PRODUCT = /^(?:node|node-fetch|undici|got|ktor-client)(?=$|[\s(])/;
// Browsers that the parser mistakes for the engine they are built on.
const OVERLOOKED = /\b(?:HuaweiBrowser|FBAN|Instagram|DuckDuckGo)\b/;
const ENGINE = /^(?:AppleWebKit|Chrome|Electron|Safari|Version)$/;
const TV = /smart-?tv|\bTV\b|(?:Android|Google|Hbb)TV|Web0S|NetCast|BRAVIA|\bAFT[A-Z\d]{1,5}\b|CrKey|Roku|PlayStation/i;
const WATCH = /\bWear ?OS\b|\bwatchOS\b|\bWatch\b|\bSM-R\d{3}/;
// Up to iOS 12 an iPad ran iOS. Since then a browser on it may claim to be on a Macintosh; only some can be recognized.
const IPADOS = /\biPad\b(?!.* OS (?:[3-9]|1[0-2])[_.])|Macintosh.*(?:CriOS|FxiOS|EdgiOS)\//;
const SELF_NAMED_OS = /\b(?:iOS|watchOS|tvOS|visionOS|macOS|Windows|FreeBSD|OpenBSD|NetBSD|PlayStation)\b/;

const cache = new Map<string, DeviceView>();

/** What a User-Agent says about its device: an unverified claim, only good for a label. Never throws. */
export function describeDevice(userAgent: string | null): DeviceView {
  const key = userAgent?.slice(0, MAX_USER_AGENT_LENGTH).trim() ?? '';
  const device = cache.get(key) ?? parseSafely(key);
  // Inserted again on each use, so that the first key is always the least recently used one.
  cache.delete(key);
  cache.set(key, device);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value ?? '');
  return { ...device };
}

/** The name a device has until its user gives it one, such as "Chrome on Windows". Never empty. */
export function deviceName(device: DeviceView): string {
  if (device.browser && device.os) return `${device.browser} on ${device.os}`;
  return device.browser || device.os || 'Unknown device';
}

function parseSafely(ua: string): DeviceView {
  try {
    if (ua) return parseDevice(ua);
  } catch {
    // A User-Agent that breaks the parser must not hide its session from the list where the user can end it.
  }
  return { type: 'unknown', browser: null, os: null };
}

function parseDevice(ua: string): DeviceView {
  const parsed = parse(ua.replace(YAHOO, 'y'));
  const browser = browserName(ua.match(OVERLOOKED)?.[0] ?? parsed.browser.name);
  const bot = botName(ua) ?? (parsed.platform.type === 'bot' ? browser : null);
  // The system in a crawler's User-Agent is that of the browser it imitates.
  if (bot) return { type: 'bot', browser: bot, os: null };
  const os = osName(ua, parsed.os.name);
  const app = plainName(ua.match(PRODUCT)?.[1] ?? ua.match(BARE_PRODUCT)?.[0]);
  if (app) return { type: 'app', browser: app, os };
  if (ua.includes(' Electron/')) return { type: 'desktop', browser: electronName(ua), os };
  return { type: deviceType(ua, os, parsed.platform.type), browser: browser === os ? null : browser, os };
}

function browserName(found = ''): string | null {
  // For a browser it does not know, the parser returns some piece of the User-Agent.
  return RENAMED.get(found) ?? (BROWSERS.has(found) ? found : null);
}

function botName(ua: string): string | null {
  const words = ua.replace(URLS, '').split(/[\s/;:,()+]+/);
  return plainName(words.find((word) => BOT.test(word)));
}

function electronName(ua: string): string {
  const products = ua.split(/\s+/).map((token) => token.match(PRODUCT)?.[1]);
  return plainName(products.find((name) => name && !ENGINE.test(name))) ?? 'Electron';
}

function osName(ua: string, parsed: string | undefined): string | null {
  if (IPADOS.test(ua)) return 'iPadOS';
  return parsed ? (RENAMED.get(parsed) ?? parsed) : (ua.match(SELF_NAMED_OS)?.[0] ?? null);
}

function deviceType(ua: string, os: string | null, parsed: string | undefined): DeviceType {
  if (TV.test(ua)) return 'tv';
  if (WATCH.test(ua)) return 'watch';
  if (os === 'iPadOS') return 'tablet';
  return TYPES[parsed ?? ''] ?? (ua.includes('(X11;') ? 'desktop' : 'unknown');
}

function plainName(raw = ''): string | null {
  // Some filler characters count as letters but are invisible.
  const name = withoutIgnored(decode(raw))
    .slice(0, MAX_PART)
    .replace(/[^\p{L}\p{M}\p{N} ._+-]/gu, '')
    .trim();
  return /[\p{L}\p{N}]/u.test(name) ? name : null;
}

function decode(text: string): string {
  try {
    // Apple's network library percent-encodes the name of the app.
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
