import { type Browser, chromium } from 'playwright-core';
import { findBinary } from './servers/binaries.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Starts the system's Chromium without a window; `CHROMIUM` names another one. Close it when the tests are through. */
export function launchChromium(): Promise<Browser> {
  const binary = { name: 'chromium', debian: 'chromium', variable: 'CHROMIUM' };
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? findBinary(binary), args: FLAGS });
}
