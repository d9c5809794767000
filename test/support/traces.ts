import type { ClientInfo } from 'nestjs-session-registry';
import { HOUR, MINUTE, SECOND } from './times.js';

/** How a client presents a token: it renews and uses what it got, renews and leaves it, or presents the predecessor. */
type Deed = 'renews' | 'renews and leaves' | 'replays';
/** One step: after so many milliseconds, who does what. */
export type Step = readonly [wait: number, deed: Deed, client: ClientInfo];

/** A way in which a session is used. */
export interface Trace {
  readonly name: string;
  /** The number of rotations after which it is told; null for never. */
  readonly toldAfter: number | null;
  readonly steps: () => Iterable<Step>;
}

const chrome = (version: number, system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
const safari = (system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1`;
const AGENTS = {
  chrome: chrome(142, 'Windows NT 10.0; Win64; x64'),
  updated: chrome(143, 'Windows NT 10.0; Win64; x64'),
  onPhone: chrome(142, 'Linux; Android 10; K').replace(' Safari', ' Mobile Safari'),
  desktopSite: chrome(142, 'X11; Linux x86_64'),
  iPhone: safari('iPhone; CPU iPhone OS 18_7 like Mac OS X'),
  iPhoneDesktopSite:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  native: 'okhttp/4.12.0',
  webView: chrome(142, 'Linux; Android 15; Pixel 9 Build/BP1A; wv').replace('Chrome/', 'Version/4.0 Chrome/'),
  node: 'node',
  script: 'curl/8.14.1',
};
type Agent = keyof typeof AGENTS;

const [HOME, CARRIER, ELSEWHERE, SERVER] = ['198.51.100.7', '192.0.2.44', '203.0.113.9', '203.0.113.80'];
const [HOME_6, ELSEWHERE_6] = ['2001:db8:1:1::7', '2001:db8:2:1::9'];
/** Rotations in a day of use. */
const DAY_OF_USE = 288;

function client(agent: Agent, ip = HOME): ClientInfo {
  return { userAgent: AGENTS[agent], ip };
}

/** The same numbers from 0 to 1 in every run. */
function dice(seed = 7): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Every five minutes: one rotates, and others present the predecessor within seconds. */
function* rounds(times: number, round: (n: number) => [ClientInfo, ...ClientInfo[]]): Iterable<Step> {
  for (let n = 0; n < times; n++) {
    const [rotates, ...others] = round(n);
    yield [5 * MINUTE, 'renews', rotates];
    for (const other of others) yield [Math.floor((9 * SECOND) / others.length), 'replays', other];
  }
}

/** Two tabs of a phone, which leaves its network in the seconds between them once in so many renewals. */
function moving(one: Agent, other: Agent, oneIn: number) {
  return () => {
    const roll = dice();
    let place = HOME;
    return rounds(DAY_OF_USE, () => {
      const first = client(one, place);
      if (roll() < 1 / oneIn) place = place === HOME ? CARRIER : HOME;
      return roll() < 0.5 ? [first, client(other, place)] : [client(other, first.ip ?? HOME), client(one, place)];
    });
  };
}

function always(...clients: [ClientInfo, ...ClientInfo[]]): () => Iterable<Step> {
  return () => rounds(DAY_OF_USE, () => clients);
}

function anyOf(agent: Agent, addressOf: (roll: () => number) => string): () => Iterable<Step> {
  return () => {
    const roll = dice();
    return rounds(DAY_OF_USE, () => [client(agent, addressOf(roll)), client(agent, addressOf(roll))]);
  };
}

/** The first one rotates, and the other presents the predecessor later, while the successor is unused. */
function* atLeisure(times: number, one: ClientInfo, other: ClientInfo): Iterable<Step> {
  const roll = dice();
  for (let n = 0; n < times; n++) {
    const turn = roll() < 0.5;
    yield [20 * MINUTE, 'renews and leaves', turn ? one : other];
    yield [HOUR, 'replays', turn ? other : one];
  }
}

/** A server that renders pages renews with the cookie it is sent, and so does the page: they share one store. */
function* oneStore(times: number, racesOneIn: number): Iterable<Step> {
  const roll = dice();
  for (let n = 0; n < times; n++) {
    const [turn, race] = [n % 2 === 0, roll() < 1 / racesOneIn];
    yield [5 * MINUTE, 'renews', turn ? client('node', SERVER) : client('chrome')];
    if (race) yield [2 * SECOND, 'replays', turn ? client('chrome') : client('node', SERVER)];
  }
}

const between = (roll: () => number, from: number, to: number) => from + Math.floor(roll() * (to - from));
const never = (name: string, steps: Trace['steps']): Trace => ({ name, toldAfter: null, steps });
const told = (name: string, toldAfter: number, steps: Trace['steps']): Trace => ({ name, toldAfter, steps });

/** What must never count as a theft. Each is a day of use with a renewal every five minutes, unless it says otherwise. */
export const INNOCENT: readonly Trace[] = [
  never('two tabs', always(client('chrome'), client('chrome'))),
  never('ten tabs', always(client('chrome'), ...Array.from({ length: 9 }, () => client('chrome')))),
  never('a service worker or an extension beside the page', always(client('chrome'), client('chrome'))),
  never(
    'a phone with two tabs between Wi-Fi and mobile, once in three renewals just between the tabs',
    moving('onPhone', 'onPhone', 3),
  ),
  never(
    'IPv6 addresses that change within a /64',
    anyOf('iPhone', (roll) => `2001:db8:1:1::${between(roll, 1, 9999)}`),
  ),
  never(
    'a carrier with another IPv4 address on each request, of four networks',
    anyOf('onPhone', (roll) => `100.64.${between(roll, 0, 4)}.${between(roll, 1, 250)}`),
  ),
  never(
    'a company with two lines, either of them on each request',
    anyOf('chrome', (roll) => (roll() < 0.5 ? HOME : ELSEWHERE)),
  ),
  never(
    'IPv4 and IPv6, whichever answers first',
    anyOf('chrome', (roll) => (roll() < 0.5 ? HOME : HOME_6)),
  ),
  never('a VPN that goes on and off every half hour, in the middle of a renewal', () =>
    rounds(DAY_OF_USE, (n) => {
      const at = (k: number) => client('chrome', Math.floor(k / 6) % 2 === 0 ? HOME : ELSEWHERE);
      return [at(n), at(n + 1)];
    }),
  ),
  never('a browser that was updated, with an old tab open', always(client('updated'), client('chrome'))),
  never('the desktop site in one tab of an Android phone', always(client('onPhone'), client('desktopSite'))),
  never('the desktop site in one tab of an iPhone', always(client('iPhone'), client('iPhoneDesktopSite'))),
  never('an app and its web view, each with a copy of the token', always(client('native'), client('webView'))),
  never(
    'an app and its web view between Wi-Fi and mobile, once in ten renewals just between the two',
    moving('native', 'webView', 10),
  ),
  never('a server that renders pages and its browser, with one cookie', () => oneStore(DAY_OF_USE, Infinity)),
  never('that server and its browser, where one renewal in ten is a race of both', () => oneStore(DAY_OF_USE, 10)),
];

/** What is reported, each within 50 rotations. */
export const GUILTY: readonly Trace[] = [
  told('a thief who waits for each rotation, with another browser at another address', 5, () =>
    rounds(50, () => [client('chrome'), client('firefox', ELSEWHERE)]),
  ),
  told('that thief, who asks twenty times each round', 5, () =>
    rounds(50, () => [client('chrome'), ...Array.from({ length: 20 }, () => client('firefox', ELSEWHERE))]),
  ),
  told('a thief behind the same address with another browser', 5, () =>
    rounds(50, () => [client('chrome'), client('firefox')]),
  ),
  told('a thief with the same browser on another system', 5, () =>
    rounds(50, () => [client('chrome'), client('iPhoneDesktopSite', ELSEWHERE)]),
  ),
  told('a thief with a script at another address', 5, () =>
    rounds(50, () => [client('chrome'), client('script', ELSEWHERE)]),
  ),
  told('a thief with the same User-Agent in another network', 20, () =>
    rounds(50, () => [client('chrome'), client('chrome', ELSEWHERE)]),
  ),
  told('a thief with the same User-Agent in another network, both by IPv6', 20, () =>
    rounds(50, () => [client('chrome', HOME_6), client('chrome', ELSEWHERE_6)]),
  ),
  told('owner and thief who renew in turn, whoever comes first', 5, () => {
    const roll = dice();
    const [owner, thief] = [client('chrome'), client('firefox', ELSEWHERE)];
    return rounds(50, () => (roll() < 0.5 ? [owner, thief] : [thief, owner]));
  }),
  told('owner and thief in turn at leisure, each successor left unused for an hour', 5, () =>
    atLeisure(50, client('chrome'), client('firefox', ELSEWHERE)),
  ),
  told('owner and thief in turn at leisure with the same User-Agent', 20, () =>
    atLeisure(50, client('chrome'), client('chrome', ELSEWHERE)),
  ),
  told('an owner with two tabs and a thief', 5, () =>
    rounds(50, () => [client('chrome'), client('chrome'), client('firefox', ELSEWHERE)]),
  ),
  told('an owner on the move and a thief with another browser', 5, () =>
    rounds(50, (n) => [client('onPhone', n % 2 ? HOME : CARRIER), client('firefox', ELSEWHERE)]),
  ),
];

/** The limits of the rules: thefts that are not reported, and honest use that is. */
export const LIMITS: readonly Trace[] = [
  never('a thief with the same User-Agent behind the same address', always(client('chrome'), client('chrome'))),
  never('a thief with the same User-Agent, by IPv6 where the owner is by IPv4', () =>
    rounds(DAY_OF_USE, () => [client('chrome'), client('chrome', ELSEWHERE_6)]),
  ),
  never('a thief with the same User-Agent, in another network each time', () =>
    rounds(DAY_OF_USE, (n) => [client('chrome'), client('chrome', `203.0.${n}.9`)]),
  ),
  never('a thief with a script behind the same address', always(client('chrome'), client('script'))),
  never('a thief with another browser who stops after four rotations', () =>
    rounds(4, () => [client('chrome'), client('firefox', ELSEWHERE)]),
  ),
  told('a server that renders pages in its own name, and races its browser for every renewal', 5, () =>
    oneStore(50, 1),
  ),
];
