import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import { SESSIONS } from './busy-app-sessions.cases.js';
import { SIGN_IN } from './busy-app-sign-in.cases.js';
import { type BusyWorld, startBusyApp } from './busy-app-world.js';
import { BUSY_APPS, type BusyApp, PLAIN } from './busy-apps.js';

const CASES = Object.entries({ ...SIGN_IN, ...SESSIONS });

describe.each(ADAPTERS)('the HTTP contract in a busy app on %s', (adapter) => {
  describe.each(Object.entries(BUSY_APPS))('with %s', (_, busy) => {
    let world: BusyWorld;
    beforeAll(async () => {
      world = await startBusyApp(adapter, busy);
    });
    afterAll(() => world?.app.close());

    it.each(CASES)('%s', (_, holds) => holds(world));

    it('leaves the routes of the app to its globals', async () => {
      const { access_token: token } = await world.client.signIn(world.newUser());
      const note = await world.client.call('GET', '/notes', { token });
      expect({ status: note.status, body: note.body }).toEqual({ status: 200, body: busy.note ?? PLAIN.note });
      const added = await world.client.call('POST', '/notes', { token, body: { title: 7, more: 1 } });
      expect({ status: added.status, body: added.body }).toMatchObject(addedOf(busy));
      const listed = await world.client.list(token);
      expect(Object.fromEntries(listed.headers)).toMatchObject(busy.seen ?? {});
    });

    function addedOf({ added, addedOnExpress }: BusyApp): object {
      return (adapter === 'express' ? addedOnExpress : undefined) ?? added ?? PLAIN.added;
    }
  });
});
