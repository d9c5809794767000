import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuthModuleOptions, SessionEventMap } from 'nestjs-session-registry';
import { SessionEvents } from '../../src/events/session-events.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { SessionRegistry } from '../../src/sessions/session-registry.js';
import { MemoryRuns } from '../../src/storage/memory/memory-runs.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { CrossingWatch } from '../../src/suspicion/crossing-watch.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { GUILTY, INNOCENT, LIMITS, type Step, type Trace } from '../support/traces.js';

const SECRET = 'a test secret of more than thirty-two bytes';
const PAGE = 'docs/suspicion.md';

/** What came of a trace: the events, and after how many rotations the first of them came. */
interface Outcome {
  rotations: number | null;
  told: SessionEventMap['suspected'][];
}

/** One session in the hands of whoever a trace names. */
class Scene {
  readonly #clock = new TestClock();
  readonly #store = new MemorySessionStore();
  readonly #events = new SessionEvents();
  readonly #registry: SessionRegistry;
  readonly told: SessionEventMap['suspected'][] = [];
  #rotations = 0;
  first: number | null = null;

  constructor(options: Partial<AuthModuleOptions>) {
    const resolved = resolveOptions({ secret: SECRET, clock: this.#clock, ...options });
    const limits = resolved.suspicion;
    if (!limits) throw new Error('suspicion is off');
    const runs = new MemoryRuns(this.#store);
    const failed = (error: unknown) => {
      throw error;
    };
    const watch = new CrossingWatch(runs, limits, this.#clock, this.#events, failed);
    this.#registry = new SessionRegistry(this.#store, resolved, this.#clock, this.#events, watch);
    this.#events.on('suspected', (event) => {
      this.told.push(event);
      this.first ??= this.#rotations;
    });
  }

  async play(steps: Iterable<Step>): Promise<Outcome> {
    const opened = await this.#registry.open({ userId: 'ada', ticket: 0, userAgent: null, ip: null });
    if (!opened.ok) throw new Error(opened.reason);
    let { refTokID: live, guid } = opened.session;
    let predecessor = '';
    const key = { userId: 'ada', guid };
    for (const [wait, deed, client] of steps) {
      this.#clock.advance(wait);
      const replays = deed === 'replays';
      if (!replays) this.#rotations++;
      const result = await this.#registry.renew(key, replays ? predecessor : live, client);
      // A trace that the library would not let happen shows nothing.
      expect(result).toMatchObject({ ok: true, repeated: replays });
      if (!result.ok || replays) continue;
      [predecessor, live] = [live, result.session.refTokID];
      if (deed === 'renews') await this.#store.markUsed(key, live, this.#clock.now());
    }
    return { rotations: this.first, told: this.told };
  }
}

function play({ steps }: Pick<Trace, 'steps'>, options: Partial<AuthModuleOptions> = {}): Promise<Outcome> {
  return new Scene(options).play(steps());
}

describe('a session is not suspected', () => {
  it.each(INNOCENT.map((trace) => [trace.name, trace] as const))('by %s', async (_, trace) => {
    expect((await play(trace)).told).toEqual([]);
  });
});

describe('without thresholds it would be', () => {
  const named = (words: string) => INNOCENT.find(({ name }) => name.startsWith(words)) as Trace;

  it.each(['a phone', 'a carrier', 'a company', 'a VPN'])('by %s', async (words) => {
    expect((await play(named(words), { suspicion: { networks: 1 } })).told).not.toEqual([]);
  });

  it.each(['an app and its web view between', 'that server'])('by %s', async (words) => {
    expect((await play(named(words), { suspicion: { devices: 1 } })).told).not.toEqual([]);
  });
});

describe('a session is suspected, once,', () => {
  it.each(GUILTY.map((trace) => [trace.toldAfter, trace.name, trace] as const))(
    'after %i rotations by %s',
    async (toldAfter, _, trace) => {
      const { rotations, told } = await play(trace);
      expect([rotations, told.length]).toEqual([toldAfter, 1]);
    },
  );
});

describe('the limits of suspicion', () => {
  it.each(LIMITS.map((trace) => [trace.name, trace] as const))('are as they are told of %s', async (_, trace) => {
    expect((await play(trace)).rotations).toBe(trace.toldAfter);
  });

  it('are what the options say', async () => {
    const [byDevice, , , , , byNetwork] = GUILTY as [Trace, Trace, Trace, Trace, Trace, Trace];
    expect((await play(byDevice, { suspicion: { devices: 2 } })).rotations).toBe(2);
    expect((await play(byNetwork, { suspicion: { networks: 7 } })).rotations).toBe(7);
    expect((await play(byNetwork, { suspicion: { networks: null } })).told).toEqual([]);
  });

  it('compare nothing that is not recorded', async () => {
    const [byDevice, , , , , byNetwork] = GUILTY as [Trace, Trace, Trace, Trace, Trace, Trace];
    expect((await play(byDevice, { recordUserAgent: false })).rotations).toBe(20);
    expect((await play(byNetwork, { recordIp: false })).told).toEqual([]);
    const { told } = await play(byDevice, { recordIp: false });
    expect(told.map(({ clients }) => clients.map(({ ip }) => ip))).toEqual([[null, null]]);
  });
});

describe('the options of suspicion', () => {
  it.each<[string, object]>([
    ['suspicion.browsers', { suspicion: { browsers: 3 } }],
    ['suspicion.devices', { suspicion: { devices: 0 } }],
    ['suspicion.networks', { suspicion: { networks: 1.5 } }],
    ['suspicion', { suspicion: true }],
    ['suspicion', { suspicion: { devices: 3 }, recordIp: false, recordUserAgent: false }],
  ])('refuse a wrong %s (%#)', (option, given) => {
    expect(() => resolveOptions({ secret: SECRET, ...given })).toThrow(expect.objectContaining({ option }));
  });

  it('are off if nothing about a client is recorded', () => {
    expect(resolveOptions({ secret: SECRET, recordIp: false, recordUserAgent: false }).suspicion).toBeNull();
  });
});

describe('a suspicion', () => {
  it('tells the two clients, the one who rotated first, and what they differ in', async () => {
    const [byDevice, , , , , byNetwork] = GUILTY as [Trace, Trace, Trace, Trace, Trace, Trace];
    const { told } = await play(byDevice);
    expect(told).toMatchObject([
      {
        userId: 'ada',
        evidence: 'devices',
        clients: [
          { userAgent: expect.stringContaining('Windows'), ip: '198.51.100.7' },
          { userAgent: expect.stringContaining('Firefox'), ip: '203.0.113.9' },
        ],
      },
    ]);
    expect((await play(byNetwork)).told).toMatchObject([{ evidence: 'networks' }]);
  });

  it('is told again when it begins anew', async () => {
    const [theft] = GUILTY as [Trace];
    const quiet = (INNOCENT[0] as Trace).steps;
    const { told } = await play({
      *steps() {
        yield* theft.steps();
        yield* quiet();
        yield* theft.steps();
      },
    });
    expect(told).toHaveLength(2);
  });
});

describe('the page about suspicion', () => {
  it('has these traces with these verdicts, and no other', () => {
    const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| (?!trace|-)(.*?) \| (no|after \d+) \|/gm)];
    const verdict = ({ toldAfter }: Trace) => (toldAfter === null ? 'no' : `after ${toldAfter}`);
    const traces = [...INNOCENT, ...GUILTY, ...LIMITS];
    expect(rows.map(([, name, said]) => [name, said])).toEqual(traces.map((trace) => [trace.name, verdict(trace)]));
  });
});
