import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExampleCheckout, type RunningExample } from '../examples/example-app.js';
import { Client } from '../support/client.js';

const checkout = new ExampleCheckout();
let started: RunningExample;
beforeAll(async () => {
  started = await checkout.npmStart({ DATABASE_URL: checkout.newDatabase() });
});
afterAll(() => checkout.remove());

it('`npm start` builds the library and the reference app, and prints an account that signs in', async () => {
  const [, username, password] = /Demo account\s+(\S+) \/ (\S+)/.exec(started.said()) ?? [];
  const body = { username, password };
  expect((await new Client(started.url).call('POST', '/auth/login', { body })).status).toBe(200);
});
