import {
  type Attempt,
  byFramework,
  type Case,
  type Category,
  malformed,
  NOT_FOUND,
  NO_TOKEN,
  type Outcome,
} from '../support/case.js';
import { bearer, getProfile, write } from '../support/request.js';
import type { Scene } from '../support/scene.js';
import { stranger } from '../support/stories.js';

const UNKNOWN = '3f2b8c1e-0000-4000-8000-00000000dead';
const NO_URL = { express: byFramework(400), fastify: byFramework(400, 'FST_ERR_BAD_URL') };
const LONG_PARAMETER = { express: NOT_FOUND, fastify: byFramework(414, 'FST_ERR_MAX_PARAM_LENGTH') };
const VERBS = [
  ['DELETE', undefined],
  ['PATCH', '{"name":"mine"}'],
] as const;

/** The victim's guid in a stranger's hands: to the letter the answer to a guid nobody has. */
const foreign: Case[] = VERBS.map(([method, body]) => ({
  title: `R44 ${method} of another user's guid is that of an unknown one`,
  attempts: [asStranger(method, ({ guid }) => guid, body, NOT_FOUND, UNKNOWN)],
}));

const listed: Case[] = [
  '',
  '?state=live',
  '?state=ended',
  '?userId=USER',
  '?sub=USER',
  '?user=USER',
  '?guid=GUID',
  '?state=live&userId=USER',
].map((query) => ({
  title: `R44 R45 GET /sessions${query} of a stranger shows nothing of the victim`,
  attempts: [
    {
      ...{ at: query, app: 'bearer', answer: { status: 200 } },
      send: async (scene) => list(await stranger(scene), inScene(query, scene)),
      conceals: ({ guid, userId, row }) => [guid, userId, row?.refTokID ?? guid],
    },
  ],
}));

/** The own guid, spelled as it is not. The session has to outlive all of it. */
const ODD: readonly (readonly [name: string, spell: (guid: string) => string, answer?: Attempt['answer']])[] = [
  ['in capitals', (guid) => guid.toUpperCase()],
  ['in braces', (guid) => `%7B${guid}%7D`],
  ['as a URN', (guid) => `urn:uuid:${guid}`],
  ['without its hyphens', (guid) => guid.replaceAll('-', '')],
  ['with a space after it', (guid) => `${guid}%20`],
  ['with a plus after it', (guid) => `${guid}+`],
  ['with NUL after it', (guid) => `${guid}%00`],
  ['with a line break after it', (guid) => `${guid}%0A`],
  ['with CRLF and a header after it', (guid) => `${guid}%0D%0AX-Evil:%201`],
  ['with a slash in percent signs', (guid) => `${guid}%2F`],
  ['with a semicolon', (guid) => `${guid};x=1`],
  ['twice', (guid) => `${guid},${guid}`],
  ['cut', (guid) => guid.slice(0, -1)],
  ['with wide digits', (guid) => guid.replace(/\d/, '%EF%BC%91')],
  ['as a pattern', (guid) => `${guid.slice(0, -1)}%25`],
  ['as SQL', (guid) => `${guid}'%20OR%20'1'='1`],
  ['as half a letter', () => '%C3', NO_URL],
  ['as no percent sign', () => '%zz', NO_URL],
  ['as a wildcard', () => '*'],
  ['as every guid', () => '%25'],
  ['current', () => 'current'],
  ['null', () => 'null'],
  ['undefined', () => 'undefined'],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['zero', () => '0'],
  ['[object Object]', () => '%5Bobject%20Object%5D'],
  ['100 characters of it', () => 'a'.repeat(100)],
  ['5,000 characters of it', () => 'a'.repeat(5_000), LONG_PARAMETER],
  ['one dot', () => '.', NOT_FOUND],
  ['a dot in percent signs', () => '%2e'],
  ['a way up', () => '%2e%2e%2fprofile'],
];

const spelled: Case[] = ODD.flatMap(([name, spell, answer = NOT_FOUND]) =>
  VERBS.map(([method, body]) => ({
    title: `R48 ${method} of a guid ${name}`,
    attempts: [
      {
        ...{ at: method, app: 'bearer' as const, answer },
        ...(answer === NOT_FOUND && { asks: ['check'] }),
        send: ({ pair, guid }: Scene) =>
          write({ method, path: `/sessions/${spell(guid)}`, body, headers: [bearer(pair.access_token)] }),
        control: ({ pair }: Scene) => getProfile(bearer(pair.access_token)),
      },
    ],
  })),
);

/** Which sessions `DELETE /sessions` ends is read to the letter: what is not understood ends none. */
const QUERIES: readonly string[] = [
  ...['except', 'except=', 'except=Current', 'Except=current', 'except=current%20', 'except=%63urrent%00'],
  ...['except=current&except=current', 'except=all&except=current', 'except[]=current', 'except[0]=current'],
  ...['except=current&state=ended', 'except=others', 'all', 'all=true', '__proto__=x', '__proto__[except]=current'],
  ...[
    'constructor=x',
    'except.current',
    '%65xcept',
    'guid=GUID',
    'userId=USER',
    '=',
    'except=current#',
    'except=current;x',
  ],
];

const queries: Case[] = QUERIES.filter((query) => !query.endsWith('#')).map((query) => ({
  title: `R51 DELETE /sessions?${query}`,
  attempts: [
    {
      ...{ at: 'DELETE /sessions', app: 'bearer', answer: malformed() },
      send: (scene) => ownSessions('DELETE', inScene(`?${query}`, scene), scene),
      control: (scene) => ownSessions('GET', '', scene),
    },
  ],
}));

const states: Case[] = ['state=', 'state=all', 'state=ENDED', 'state=live&state=ended'].map((query) => ({
  title: `R51 GET /sessions?${query}`,
  attempts: [
    {
      ...{ at: 'GET /sessions', app: 'bearer', answer: malformed() },
      send: (scene) => ownSessions('GET', `?${query}`, scene),
      control: (scene) => ownSessions('GET', '', scene),
    },
  ],
}));

/** What a stranger and a tamperer may send to the routes of sessions. */
export const endpoint: Category = {
  name: 'endpoint',
  cases: [...foreign, ...listed, ...spelled, ...queries, ...states, unasked()],
};

function asStranger(
  method: string,
  of: (scene: Scene) => string,
  body: string | undefined,
  answer: Outcome,
  unknown: string,
): Attempt {
  let headers: string[] = [];
  return {
    ...{ at: method, app: 'bearer', answer },
    send: async (scene) => {
      headers = [bearer((await stranger(scene)).pair.access_token)];
      return write({ method, path: `/sessions/${of(scene)}`, body, headers });
    },
    twin: () => write({ method, path: `/sessions/${unknown}`, body, headers }),
  };
}

function list({ pair }: Scene, query: string): Buffer {
  return write({ path: `/sessions${query}`, headers: [bearer(pair.access_token)] });
}

function ownSessions(method: string, query: string, { pair }: Scene): Buffer {
  return write({ method, path: `/sessions${query}`, headers: [bearer(pair.access_token)] });
}

function inScene(query: string, { guid, userId }: Scene): string {
  return query.replace('USER', userId).replace('GUID', guid);
}

/** Without a token not even the shape of an answer depends on whether the guid is somebody's. */
function unasked(): Case {
  const request = (guid: string) => write({ method: 'DELETE', path: `/sessions/${guid}` });
  return {
    title: 'R44 R49 without a token a known guid is as an unknown one',
    attempts: [
      {
        at: 'DELETE',
        app: 'bearer',
        answer: NO_TOKEN,
        send: ({ guid }) => request(guid),
        twin: () => request(UNKNOWN),
      },
    ],
  };
}
