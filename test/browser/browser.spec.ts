import { afterAll, beforeAll, vi } from 'vitest';
import type { Browser } from 'playwright-core';
import { ExampleCheckout } from '../examples/example-app.js';
import { launchChromium } from '../support/chromium.js';
import { devicesStory } from './devices.story.js';
import { keyboardStory } from './keyboard.story.js';
import { statesStory } from './states.story.js';
import { tabsStory } from './tabs.story.js';

// A browser and builds, on a machine that may be busy with the other specs.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const checkout = new ExampleCheckout();
let browser: Browser;

beforeAll(async () => {
  await checkout.compile();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await checkout.remove();
});

devicesStory(checkout, () => browser);
tabsStory(checkout, () => browser);
statesStory(checkout, () => browser);
keyboardStory(checkout, () => browser);
