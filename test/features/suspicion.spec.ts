import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthModuleExtras,
  type AuthModuleOptions,
  MemorySessionStore,
  type SessionEventMap,
  SessionEvents,
  SessionRegistry,
  type TokenPair,
} from 'nestjs-session-registry';
import { SqlRuns } from '../../src/storage/sql/sql-runs.js';
import { startApp, type TestApp } from '../support/app.js';
import { EventReader } from '../support/event-reader.js';
import { DAY, MINUTE, SECOND } from '../support/times.js';
import { eventsNamed } from '../support/inspect.js';
import { withDatabase } from '../support/sqlite-file.js';

const ADA = 'id-of-ada';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const OWNER = { ip: '198.51.100.7', headers: { 'user-agent': CHROME } };
const THIEF = { ip: '203.0.113.9', headers: { 'user-agent': FIREFOX } };
const CLIENTS = [
  { userAgent: CHROME, ip: OWNER.ip },
  { userAgent: FIREFOX, ip: THIEF.ip },
] as const;
const SEEN = [
  { device: { type: 'desktop', browser: 'Chrome', os: 'Windows' }, ip: OWNER.ip },
  { device: { type: 'desktop', browser: 'Firefox', os: 'Linux' }, ip: THIEF.ip },
];

let app: TestApp;
let told: SessionEventMap['suspected'][];

async function start(options: Partial<AuthModuleOptions> & AuthModuleExtras = {}): Promise<void> {
  app = await startApp({ options });
  told = [];
  app.nest.get(SessionEvents).on('suspected', (event) => told.push(event));
}

/** The owner renews and goes on; seconds later the thief presents what the owner had before. */
async function rounds(times: number, owner: TokenPair, thief = THIEF): Promise<TokenPair> {
  let [pair, stolen] = [owner, owner.refresh_token];
  for (let round = 0; round < times; round++) {
    app.clock.advance(4 * MINUTE);
    pair = await app.auth.refresh(pair.refresh_token, OWNER);
    await app.auth.authenticate(pair.access_token, OWNER);
    app.clock.advance(3 * SECOND);
    stolen = (await app.auth.refresh(stolen, thief)).refresh_token;
  }
  return pair;
}

const signIn = () => app.auth.login(ADA, OWNER);
const runsKept = () => withDatabase(app.file, (database) => database.prepare('SELECT * FROM session_runs').all());

afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
});

describe('a thief who presents the predecessor within reuseInterval of each rotation, for 50 rounds', () => {
  beforeEach(() => start());

  it('is told once, with both clients, and no renewal is refused', async () => {
    const owner = await signIn();
    const began = app.clock.now();
    await rounds(50, owner);
    const { guid } = owner.session;
    const at = began + 5 * (4 * MINUTE + 3 * SECOND);
    expect(told).toEqual([{ userId: ADA, guid, evidence: 'devices', clients: CLIENTS, at }]);
    expect(eventsNamed(app, 'repeated')).toHaveLength(50);
    expect(eventsNamed(app, 'repeated').map(({ client }) => client)).toEqual(Array(50).fill(CLIENTS[1]));
    expect(eventsNamed(app, 'revoked')).toEqual([]);
  });

  it('is seen in the list by the owner, over HTTP, at the one session it is about', async () => {
    const [owner, other] = [await signIn(), await signIn()];
    const { access_token } = await rounds(5, owner);
    const at = new Date(app.clock.now()).toISOString();
    const { body } = await app.client.list(access_token);
    const [own, beside] = body;
    expect(own).toMatchObject({ guid: owner.session.guid, suspected: { at, clients: SEEN } });
    expect(beside).not.toHaveProperty('suspected');
    expect(beside?.guid).toBe(other.session.guid);
    await app.auth.logout({ accessToken: access_token });
    expect((await app.registry.listEnded(ADA))[0]).toMatchObject({ endReason: 'signed_out', suspected: { at } });
  });

  it('is told to a page that watches', async () => {
    await app.close();
    // As long as the rounds take: a stream ends with its token.
    await start({ accessTtl: '1h' });
    const owner = await signIn();
    const watching = await signIn();
    const stream = await EventReader.open(app.client.baseUrl, watching.access_token);
    await rounds(5, owner);
    const { session } = await stream.heard((news) => 'suspected' in news.session);
    expect(session).toMatchObject({ guid: owner.session.guid, suspected: { clients: SEEN } });
    stream.leave();
  });

  it('can be answered by an app with the end of the session', async () => {
    const owner = await signIn();
    const registry = app.nest.get(SessionRegistry);
    app.nest.get(SessionEvents).on('suspected', ({ userId, guid }) => registry.revoke(userId, guid, 'reuse_detected'));
    const pair = await rounds(5, owner);
    await expect(app.auth.refresh(pair.refresh_token, OWNER)).rejects.toMatchObject({ reason: 'session_ended' });
  });
});

describe('what is kept for suspicion', () => {
  beforeEach(() => start());

  it('is nothing if one client renews and presents its predecessors', async () => {
    await rounds(10, await signIn(), OWNER);
    expect(runsKept()).toEqual([]);
  });

  it('is gone when the user is forgotten', async () => {
    await rounds(5, await signIn());
    expect(runsKept()).toHaveLength(1);
    await app.registry.forget(ADA);
    expect(runsKept()).toEqual([]);
  });

  it('goes with its session when purge deletes it', async () => {
    const { session } = await rounds(5, await signIn());
    await app.registry.revoke(ADA, session.guid);
    app.clock.advance(30 * DAY - 1);
    await app.registry.purge();
    expect(runsKept()).toHaveLength(1);
    app.clock.advance(1);
    expect(await app.registry.purge()).toBe(1);
    app.clock.advance(DAY);
    await app.registry.purge();
    expect(runsKept()).toEqual([]);
  });

  it('includes neither address nor User-Agent if those are not recorded', async () => {
    await app.close();
    await start({ recordIp: false });
    await rounds(5, await signIn());
    expect(JSON.stringify([runsKept(), told])).not.toContain(THIEF.ip);
    expect(told).toMatchObject([
      {
        clients: [
          { userAgent: CHROME, ip: null },
          { userAgent: FIREFOX, ip: null },
        ],
      },
    ]);
  });
});

describe('suspicion', () => {
  it('asks and keeps nothing with suspicion: false', async () => {
    const asked = [vi.spyOn(SqlRuns.prototype, 'find'), vi.spyOn(SqlRuns.prototype, 'suspicionsOf')];
    await start({ suspicion: false });
    await rounds(5, await signIn());
    await app.registry.list(ADA);
    await app.registry.purge();
    expect([told, runsKept(), ...asked.map(({ mock }) => mock.calls.length)]).toEqual([[], [], 0, 0]);
  });

  it('leaves nothing of its past behind once it is off', async () => {
    await start();
    await rounds(5, await signIn());
    const off = await startApp({ file: app.file, clock: app.clock, options: { suspicion: false } });
    try {
      expect(await off.registry.list(ADA)).not.toMatchObject([{ suspected: expect.anything() }]);
      await off.registry.forget(ADA);
      expect(runsKept()).toEqual([]);
    } finally {
      await off.close();
    }
  });

  it('works in memory beside a store of the app', async () => {
    await start({ store: new MemorySessionStore(), database: undefined });
    await rounds(5, await signIn());
    expect(told).toMatchObject([{ clients: CLIENTS }]);
    expect(await app.registry.list(ADA)).toMatchObject([{ suspected: { clients: SEEN } }]);
  });

  it('does not change a verdict if it cannot be stored', async () => {
    vi.spyOn(SqlRuns.prototype, 'find').mockRejectedValue(new Error('the table is gone'));
    await start();
    await rounds(6, await signIn());
    expect([told, eventsNamed(app, 'renewed').length, eventsNamed(app, 'repeated').length]).toEqual([[], 6, 6]);
  });
});
