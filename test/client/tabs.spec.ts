import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClient, type SessionClient, type TokenStorage } from '../../src/client.js';
import { startApp, type TestApp } from '../support/app.js';
import { MINUTE } from '../support/times.js';
import { eventsNamed } from '../support/inspect.js';
import { FakeBrowser, FakeStorage, turn, until } from './support/browser.js';
import { credentialsOf, DeviceClock } from './support/device.js';
import { Network } from './support/network.js';

let app: TestApp;
let browser: FakeBrowser;
let device: DeviceClock;
let network: Network;
let tabs: SessionClient[];
let heard: string[];

const ada = credentialsOf('ada');
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const openTab = () => createSessionClient({ baseUrl: app.client.baseUrl, fetch: network.fetch });
const tab = (index: number) => tabs[index] as SessionClient;

async function openBrowser(options: { locks: boolean }): Promise<void> {
  browser = new FakeBrowser(options);
  tabs = [openTab(), openTab(), openTab()];
  heard = [];
  for (const [index, client] of tabs.entries()) {
    client.onSignedIn(() => heard.push(`${index} in`));
    browser.atEnd(client.onSignedOut((reason) => heard.push(`${index} ${reason}`)));
  }
  await turn();
}

beforeEach(async () => {
  app = await startApp();
  device = new DeviceClock();
  network = new Network();
});

afterEach(async () => {
  device.close();
  await browser.close();
  await app.close();
});

describe.each([true, false])('the tabs of a browser (locks: %s)', (locks) => {
  beforeEach(() => openBrowser({ locks }));

  it('share a sign-in and a sign-out, and its reason', async () => {
    await tab(0).login(ada);
    await until(() => heard.length === 3);
    expect(await Promise.all(tabs.map((client) => client.signedIn()))).toEqual([true, true, true]);
    expect(await statusOf(tab(1).fetch('/profile'))).toBe(200);
    await tab(2).sessions.revokeAll();
    await until(() => heard.length === 6);
    expect(heard).toEqual([
      ...['0 in', '1 in', '2 in'].map(() => expect.stringMatching(/ in$/)),
      ...['0', '1', '2'].map(() => expect.stringMatching(/ revoked_all$/)),
    ]);
    expect(new Set(heard).size).toBe(6);
  });

  it('that open later are told nothing of what is there already', async () => {
    await tab(0).login(ada);
    await until(() => heard.length === 3);
    const late = openTab();
    late.onSignedIn(() => heard.push('late in'));
    expect(await late.signedIn()).toBe(true);
    await turn();
    expect(heard).toHaveLength(3);
  });

  it('are told of another session in the place of theirs, as a sign-in', async () => {
    await tab(0).login(ada);
    await until(() => heard.length === 3);
    await tab(1).login(credentialsOf('bob'));
    await until(() => heard.length === 6);
    expect(heard.every((line) => line.endsWith(' in'))).toBe(true);
    expect(await (await tab(2).fetch('/profile')).json()).toMatchObject({ userId: 'id-of-bob' });
  });

  it('are signed out where the storage is cleared', async () => {
    await tab(0).login(ada);
    await until(() => heard.length === 3);
    browser.storage.removeItem('session');
    await until(() => heard.length === 6);
    expect(heard.slice(3).sort()).toEqual(['0 unknown', '1 unknown', '2 unknown']);
  });

  it('stay signed in when they all wake up at once, time and again', async () => {
    await tab(0).login(ada);
    for (let rounds = 1; rounds <= 5; rounds++) {
      device.pass(10 * MINUTE, app);
      const answers = tabs.flatMap((client) => [client.fetch('/profile'), client.fetch('/profile')]);
      expect(await Promise.all(answers.map(statusOf))).toEqual(Array(6).fill(200));
      expect(eventsNamed(app, 'renewed')).toHaveLength(rounds);
      if (locks) expect(network.count('/auth/refresh')).toBe(rounds);
    }
    expect(eventsNamed(app, 'reused')).toEqual([]);
    expect(heard.filter((line) => !line.endsWith(' in'))).toEqual([]);
  });
});

describe('without locks', () => {
  it('a renewal that is refused takes what another tab has got meanwhile', async () => {
    await openBrowser({ locks: false });
    await tab(0).login(ada);
    await until(() => network.streams === tabs.length);
    device.pass(10 * MINUTE, app);
    network.at('/auth/refresh', async (go) => {
      network.heal();
      expect(await statusOf(tab(1).fetch('/profile'))).toBe(200);
      await (await go()).text();
      return Response.json({ code: 'invalid_grant' }, { status: 401 });
    });
    expect(await statusOf(tab(0).fetch('/profile'))).toBe(200);
    expect(heard.filter((line) => !line.endsWith(' in'))).toEqual([]);
  });
});

describe('a storage', () => {
  beforeEach(() => openBrowser({ locks: false }));

  it('that is not there, or forbidden, is made up for in memory', async () => {
    for (const localStorage of [{ value: undefined }, { value: {} }, { get: forbid }]) {
      Object.defineProperty(globalThis, 'localStorage', { configurable: true, ...localStorage });
      const client = openTab();
      await client.login(ada);
      expect(await statusOf(client.fetch('/profile'))).toBe(200);
      expect(await openTab().signedIn()).toBe(false);
    }
  });

  it('that is full is left without old tokens, and this client goes on in memory', async () => {
    const storage = new FakeStorage();
    const client = createSessionClient({ baseUrl: app.client.baseUrl, storage, fetch: network.fetch });
    await client.login(ada);
    storage.setItem = forbid;
    for (let rounds = 0; rounds < 3; rounds++) {
      device.pass(10 * MINUTE, app);
      expect(await statusOf(client.fetch('/profile'))).toBe(200);
    }
    expect([await client.signedIn(), storage.text]).toEqual([true, '']);
    expect(eventsNamed(app, 'reused')).toEqual([]);
  });

  it('with something else in it counts as empty', async () => {
    for (const text of ['', 'null', '7', 'access refresh', '[]', '{"guid":', '{}']) {
      browser.storage.setItem('session', text);
      expect(await openTab().signedIn()).toBe(false);
    }
  });

  it('that is slow, as on a phone, tells no old state after a newer one', async () => {
    const storage = new SlowStorage();
    const client = createSessionClient({ baseUrl: app.client.baseUrl, storage, fetch: network.fetch });
    const signedIn: boolean[] = [];
    client.onSignedIn(() => signedIn.push(true));
    browser.atEnd(client.onSignedOut(() => signedIn.push(false)));
    await client.login(ada);
    const reads: Promise<boolean>[] = [];
    let isOver = false;
    const logout = client.logout().finally(() => {
      isOver = true;
    });
    for (; !isOver; await turn()) reads.push(client.signedIn());
    await Promise.all([logout, ...reads]);
    expect([await client.signedIn(), signedIn]).toEqual([false, [true, false]]);
  });
});

function forbid(): never {
  throw new Error('QuotaExceededError');
}

/** As AsyncStorage: everything takes its time, and a short step is faster than a long one. */
class SlowStorage implements TokenStorage {
  readonly #inner = new FakeStorage();

  async getItem(key: string): Promise<string | null> {
    const value = this.#inner.getItem(key);
    for (let turns = 0; turns < 5; turns++) await turn();
    return value;
  }

  async setItem(key: string, value: string): Promise<void> {
    await turn();
    this.#inner.setItem(key, value);
  }

  async removeItem(key: string): Promise<void> {
    this.#inner.removeItem(key);
  }
}
