import { type Browser, chromium } from 'playwright-core';
import { findBinary } from './servers/binaries.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Starts the system's Chromium without a window; `CHROMIUM` names another one. Close it when the tests are through. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? chromiumHere(), args: FLAGS });
}

/** The one that is made to have no window opens a page in a third of the time; the whole one does as well. */
function chromiumHere(): string {
  try {
    return findBinary({ name: 'chromium-headless-shell', debian: 'chromium-headless-shell', variable: 'CHROMIUM' });
  } catch {
    return findBinary({ name: 'chromium', debian: 'chromium', variable: 'CHROMIUM' });
  }
}
