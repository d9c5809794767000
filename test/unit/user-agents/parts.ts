import type { DeviceType } from '../../../src/wire.js';

/** A User-Agent, and what is shown of it. */
export type Row = [name: string, type: DeviceType, browser: string | null, os: string | null, userAgent: string];

export const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
export const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
export const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
export const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
export const CHROME = `${BLINK} Chrome/131.0.0.0 Safari/537.36`;
export const CHROME_PHONE = `${BLINK} Chrome/131.0.0.0 Mobile Safari/537.36`;
