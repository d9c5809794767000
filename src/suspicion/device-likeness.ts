import { describeDevice, deviceName } from '../sessions/device.js';
import type { DeviceView } from '../wire.js';

/** Whether two User-Agents may belong to one device: `unclear` if there is an innocent reason for the difference. */
export type Likeness = 'alike' | 'unclear' | 'different';

const BROWSERS_RUN_ON = new Set(['desktop', 'phone', 'tablet', 'tv']);
/** What one device may claim to be: a phone that requests the desktop page says it is a computer. */
const ONE_DEVICE = [
  ['Android', 'Linux'],
  ['iOS', 'iPadOS', 'macOS'],
];

/**
 * Compares what two User-Agents claim. Versions do not count, since browsers are updated. Between a program and a
 * browser the result is unclear, because an app and its own web view differ in the same way.
 */
export function likenessOf(one: string | null, other: string | null): Likeness {
  if (one === other) return 'alike';
  const [a, b] = [describeDevice(one), describeDevice(other)];
  if (a.browser === b.browser && a.os === b.os) return 'alike';
  if (!isBrowser(a) || !isBrowser(b)) return 'unclear';
  return a.browser === b.browser && mayBeOneDevice(a.os, b.os) ? 'unclear' : 'different';
}

/** What a User-Agent claims, without versions. */
export function kindOf(userAgent: string | null): string {
  return deviceName(describeDevice(userAgent));
}

function isBrowser({ type, browser, os }: DeviceView): boolean {
  return BROWSERS_RUN_ON.has(type) && browser !== null && os !== null;
}

function mayBeOneDevice(one: string | null, other: string | null): boolean {
  return ONE_DEVICE.some((names) => names.includes(one ?? '') && names.includes(other ?? ''));
}
