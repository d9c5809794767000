import { afterEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { type AuthModuleOptions, LiveSessions, type TokenPair } from 'nestjs-session-registry';
import { OpenedStore } from '../../src/module/open-store.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { EventReader } from '../support/event-reader.js';
import { MINUTE } from '../support/times.js';
import { sessionRows } from '../support/sqlite-file.js';

let app: TestApp;

/** Resolves to whether it is over by the time others had every chance to be. */
const isOver = (work: Promise<unknown>) =>
  Promise.race([work.then(() => true), new Promise<boolean>((done) => setTimeout(done, 300, false))]);

afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
});

describe.each(ADAPTERS)('an app that stops (%s)', (adapter) => {
  const start = async (options: Partial<AuthModuleOptions> = {}) => {
    app = await startApp({ adapter, options });
  };
  const open = ({ access_token }: TokenPair) => EventReader.open(app.client.baseUrl, access_token);

  it('ends a stream at once that was waiting in the guard, and asks its client to come again', async () => {
    await start({ checkUser: 'request' });
    const pair = await app.client.signIn();
    let letIn = (_isActive: boolean) => {};
    let waiting = 0;
    const gate = new Promise<boolean>((resolve) => {
      letIn = resolve;
    });
    app.users.isActive = () => {
      waiting += 1;
      return gate as unknown as boolean;
    };
    const opening = Array.from({ length: 20 }, () => open(pair));
    while (waiting < 20) await new Promise(setImmediate);
    const closing = app.nest.close();
    expect(await isOver(closing)).toBe(false);
    letIn(true);
    await closing;
    for (const stream of await Promise.all(opening)) {
      await stream.over();
      expect([stream.response.status, stream.asides[0], stream.events]).toEqual([200, 'retry: 2000', []]);
    }
  });

  it('ends a stream at once whose rows were being read', async () => {
    await start();
    const pair = await app.client.signIn();
    const { store } = app.nest.get(LiveSessions) as unknown as { store: { list(...of: unknown[]): Promise<unknown> } };
    const list = store.list.bind(store);
    let read = () => {};
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    let isRead = false;
    store.list = async (...of) => {
      isRead = true;
      await reading;
      return list(...of);
    };
    const opening = open(pair);
    while (!isRead) await new Promise(setImmediate);
    const closing = app.nest.close();
    expect(await isOver(closing)).toBe(false);
    read();
    await closing;
    await (await opening).over();
  });

  it('writes the last touches', async () => {
    await start();
    const pair = await app.client.signIn();
    app.clock.advance(2 * MINUTE);
    await app.client.profile(pair.access_token);
    await app.nest.close();
    expect(sessionRows(app.file)[0]?.lastActiveAt).toBe(app.clock.now());
  });

  it('says nothing when it is closed again, at once or later', async () => {
    await start();
    const stream = await open(await app.client.signIn());
    const said = [vi.spyOn(Logger.prototype, 'warn'), vi.spyOn(Logger.prototype, 'error')];
    await Promise.all([app.nest.close(), app.nest.close()]);
    await stream.over();
    await app.nest.close();
    expect(said.flatMap((method) => method.mock.calls)).toEqual([]);
  });

  it('is over in time although the database cannot be closed, and says so', async () => {
    await start({ shutdownTimeout: '50ms' });
    const said = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const opened = app.nest.get(OpenedStore, { strict: false });
    const close = opened.close.bind(opened);
    opened.close = () => new Promise(() => {});
    await app.nest.close();
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/did not stop cleanly: the database \(.*`shutdownTimeout`, 50 ms\)/)],
    ]);
    await close();
  });

  it('stops the rest if something fails', async () => {
    await start();
    const said = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    app.nest.get(LiveSessions).stop = () => Promise.reject(new Error('the feed is broken'));
    const close = vi.spyOn(app.nest.get(OpenedStore, { strict: false }), 'close');
    await app.nest.close();
    expect(said.mock.calls).toEqual([[expect.stringContaining('the feed is broken')]]);
    expect(close).toHaveBeenCalledTimes(1);
  });
});
