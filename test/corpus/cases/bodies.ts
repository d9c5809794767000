import { gzipSync } from 'node:zlib';
import {
  type Attempt,
  badGrant,
  byFramework,
  type Case,
  type Category,
  malformed,
  NO_TOKEN,
  WRONG_PASSWORD,
} from '../support/case.js';
import { bearer, getProfile, post, write } from '../support/request.js';
import type { Scene } from '../support/scene.js';

type Row = readonly [
  title: string,
  body: string | Buffer | ((scene: Scene) => string | Buffer),
  answer?: Attempt['answer'],
];

const BAD = malformed();
/** No JSON to the framework, which answers by itself. */
const UNREAD = byFramework(400);
/** Express takes objects and arrays for JSON, Fastify any value. */
const PRIMITIVE = { express: UNREAD, fastify: BAD };
const MALFORMED_TOKEN = badGrant('malformed_token');
const TOO_LARGE = byFramework(413);

/** No JSON at all, or JSON that is not an object: on every route that reads a body. */
const SHAPES: readonly Row[] = [
  ['half an object', '{', UNREAD],
  ['a key without a value', '{"refresh_token":', UNREAD],
  ['a comma too many', '{"refresh_token":"x",}', UNREAD],
  ['single quotes', "{'refresh_token':'x'}", UNREAD],
  ['a comment', '{/**/}', UNREAD],
  ['two objects', '{}{}', UNREAD],
  ['a word', 'refresh_token', UNREAD],
  ['NaN', '{"refresh_token":NaN}', UNREAD],
  ['a line break in a text', '{"refresh_token":"a\nb"}', UNREAD],
  ['NUL', '\0', UNREAD],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), UNREAD],
  ['100 kB of brackets', '['.repeat(100_000), UNREAD],
  ['100 kB of objects', '{"a":'.repeat(20_000), UNREAD],
  ['gzip that nobody announced', gzipSync('{}'), UNREAD],
  ['null', 'null', PRIMITIVE],
  ['true', 'true', PRIMITIVE],
  ['a number', '42', PRIMITIVE],
  ['1e400', '1e400', PRIMITIVE],
  ['a text', '"text"', PRIMITIVE],
  ['an empty array', '[]', BAD],
  ['an array of null', '[null]', BAD],
  ['an array of an object', '[{}]', BAD],
  ['an array of arrays', '[[[]]]', BAD],
  ['100 kB of arrays, closed', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, BAD],
];

/** Values in place of a text. */
const VALUES: readonly (readonly [name: string, json: string])[] = [
  ['a number', '1'],
  ['zero', '0'],
  ['1e400', '1e400'],
  ['true', 'true'],
  ['false', 'false'],
  ['an array', '[]'],
  ['an array of it', '["ada"]'],
  ['an object', '{}'],
  ['an object with toString', '{"toString":"ada"}'],
  ['an object with length', '{"length":3}'],
  ['a query operator', '{"$ne":null}'],
  ['another operator', '{"$gt":""}'],
  ['nothing', '""'],
  ['a nest of 5,000', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
];

const logins: Row[] = [
  ['an empty object', '{}', BAD],
  ['no password', ({ username }) => JSON.stringify({ username }), BAD],
  ['no username', '{"password":"x"}', BAD],
  ['null for both', '{"username":null,"password":null}', BAD],
  ...VALUES.flatMap(([name, json]): Row[] => [
    [`a username that is ${name}`, `{"username":${json},"password":"x"}`, BAD],
    [`a password that is ${name}`, ({ username }) => `{"username":"${username}","password":${json}}`, BAD],
  ]),
  ...VALUES.filter(([, json]) => json !== '""').map(
    ([name, json]): Row => [`a device name that is ${name}`, (scene) => withMember(scene, `"deviceName":${json}`), BAD],
  ),
  ['a username of 256 characters', JSON.stringify({ username: 'x'.repeat(256), password: 'x' }), BAD],
  ['a password of 1,025 characters', JSON.stringify({ username: 'x', password: 'x'.repeat(1_025) }), BAD],
  ['its members behind __proto__', (scene) => `{"__proto__":${credentials(scene)}}`, { express: BAD, fastify: UNREAD }],
  [
    'its members behind constructor.prototype',
    (scene) => `{"constructor":{"prototype":${credentials(scene)}}}`,
    { express: BAD, fastify: UNREAD },
  ],
  ['its members in an array', (scene) => `[${credentials(scene)}]`, BAD],
  ['its members in a text', (scene) => JSON.stringify(credentials(scene)), PRIMITIVE],
  ['its members in capitals', '{"USERNAME":"ada","PASSWORD":"ada-password"}', BAD],
  ['a second password, wrong', (scene) => withMember(scene, '"password":"wrong"'), WRONG_PASSWORD],
  ['a second username', (scene) => withMember(scene, '"username":"ada"'), WRONG_PASSWORD],
  ['a wrong password', ({ username }) => JSON.stringify({ username, password: 'x' }), WRONG_PASSWORD],
  [
    'a password with a space after it',
    ({ username }) => JSON.stringify({ username, password: `${username}-password ` }),
    WRONG_PASSWORD,
  ],
  ['SQL for a username', `{"username":"' OR 1=1--","password":"x"}`, WRONG_PASSWORD],
  ['NUL in a username', '{"username":"a\\u0000","password":"x"}', WRONG_PASSWORD],
  ['a lone surrogate for a username', '{"username":"\\ud800","password":"x"}', WRONG_PASSWORD],
  ['a username that is __proto__', '{"username":"__proto__","password":"x"}', WRONG_PASSWORD],
];

const renewals: Row[] = [
  ['an empty object', '{}', BAD],
  ['null for a token', '{"refresh_token":null}', BAD],
  ['a name in capitals', ({ pair }) => JSON.stringify({ REFRESH_TOKEN: pair.refresh_token }), BAD],
  ['the name of a cookie', ({ pair }) => JSON.stringify({ '__Host-refresh_token': pair.refresh_token }), BAD],
  ['refreshToken', ({ pair }) => JSON.stringify({ refreshToken: pair.refresh_token }), BAD],
  [
    'it behind __proto__',
    ({ pair }) => `{"__proto__":{"refresh_token":"${pair.refresh_token}"}}`,
    { express: BAD, fastify: UNREAD },
  ],
  ['it in an array', ({ pair }) => `[{"refresh_token":"${pair.refresh_token}"}]`, BAD],
  ['it in an array of its own', ({ pair }) => `{"refresh_token":["${pair.refresh_token}"]}`, BAD],
  ...VALUES.map(([name, json]): Row => [`a token that is ${name}`, `{"refresh_token":${json}}`, BAD]),
  [
    'a bad one after the good one',
    ({ pair }) => `{"refresh_token":"${pair.refresh_token}","refresh_token":"x"}`,
    MALFORMED_TOKEN,
  ],
  [
    'an escaped bad one after it',
    ({ pair }) => `{"refresh_token":"${pair.refresh_token}","refresh\\u005ftoken":"x"}`,
    MALFORMED_TOKEN,
  ],
  [
    'a token of 100 kB',
    ({ pair }) => JSON.stringify({ refresh_token: pair.refresh_token + 'A'.repeat(99_000) }),
    MALFORMED_TOKEN,
  ],
  ['100 kB of dots', JSON.stringify({ refresh_token: '.'.repeat(100_000) }), MALFORMED_TOKEN],
  ['2 MB', JSON.stringify({ refresh_token: 'A'.repeat(2_000_000) }), TOO_LARGE],
];

const names: Row[] = [
  ['an empty object', '{}', BAD],
  ['null for a name', '{"name":null}', BAD],
  ...VALUES.map(([name, json]): Row => [`a name that is ${name}`, `{"name":${json}}`, BAD]),
  ['101 characters', JSON.stringify({ name: 'x'.repeat(101) }), BAD],
  ['spaces', '{"name":"   "}', BAD],
  ['control characters', '{"name":"\\u0000\\u0007\\u001b"}', BAD],
  ['an override of direction', '{"name":"\\u202e"}', BAD],
  ['it behind __proto__', '{"__proto__":{"name":"x"}}', { express: BAD, fastify: UNREAD }],
  ['another member of the row', '{"userId":"ada","endedAt":0,"refTokID":"x"}', BAD],
];

const departures: Row[] = [
  ['nothing', '', { express: NO_TOKEN, fastify: UNREAD }],
  ['null', 'null', { express: UNREAD, fastify: NO_TOKEN }],
  ['an empty object', '{}', NO_TOKEN],
  ['null for a token', '{"refresh_token":null}', NO_TOKEN],
  ['another member', '{"access_token":"x"}', NO_TOKEN],
];

const TYPES: readonly (readonly [type: string, body: string])[] = [
  ['application/xml', '<refresh_token>x</refresh_token>'],
  ['application/octet-stream', '\x00\x01'],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="refresh_token"\r\n\r\nx\r\n--x--'],
  ['application/jsonp', '{}'],
  ['application', '{}'],
  ['/', '{}'],
];

/** What nobody reads is left out, however deep; the request beside it is a good one. */
const NEST = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
const unread: Case[] = [
  ['/auth/login', (scene: Scene) => withMember(scene, `"x":${NEST}`)],
  ['/auth/refresh', ({ pair }: Scene) => `{"refresh_token":"${pair.refresh_token}","x":${NEST}}`],
].map(([path, body]) => ({
  title: `R51 POST ${path} with a nest of 5,000 in a member nobody reads`,
  attempts: [
    {
      ...{ at: path as string, app: 'bearer' as const, answer: { status: 200 }, ends: 'live' as const },
      send: (scene: Scene) => post(path as string, (body as (scene: Scene) => string)(scene)),
    },
  ],
}));

/** What stands in a body where credentials or a name should. */
export const bodies: Category = {
  name: 'bodies',
  cases: [
    ...rows('R51 POST /auth/login with', '/auth/login', [...SHAPES, ...logins]),
    ...rows('R51 POST /auth/refresh with', '/auth/refresh', [...SHAPES, ...renewals]),
    ...rows(
      'R51 POST /auth/logout with',
      '/auth/logout',
      SHAPES.filter(([title]) => title !== 'null'),
    ),
    ...rows('R49 POST /auth/logout with', '/auth/logout', departures),
    ...unread,
    ...[...SHAPES, ...names].map(renaming),
    ...TYPES.map(([type, body]) => typed(type, body, { express: BAD, fastify: byFramework(415) })),
    typed('text/plain', '{"refresh_token":"x"}', BAD),
  ],
};

function rows(prefix: string, path: string, all: readonly Row[]): Case[] {
  return all.map(([title, body, answer = BAD]) =>
    asked(`${prefix} ${title}`, (scene) => post(path, textOf(body, scene)), answer),
  );
}

function renaming([title, body, answer = BAD]: Row): Case {
  const send = (scene: Scene) =>
    write({
      ...{ method: 'PATCH', path: `/sessions/${scene.guid}`, body: textOf(body, scene) },
      headers: [bearer(scene.pair.access_token)],
    });
  return asked(`R51 PATCH /sessions/:guid with ${title}`, send, answer);
}

/** What is no JSON by its type is not read as JSON: Express leaves the body out, Fastify says 415. */
function typed(type: string, body: string, answer: Attempt['answer']): Case {
  const attempt = (path: string): Attempt => ({
    ...{ at: path, app: 'bearer', answer },
    send: () => write({ method: 'POST', path, body, headers: [`Content-Type: ${type}`] }),
  });
  return { title: `R51 a body of the type ${type}`, attempts: ['/auth/login', '/auth/refresh'].map(attempt) };
}

function asked(title: string, send: (scene: Scene) => Buffer, answer: Attempt['answer']): Case {
  const control = ({ pair }: Scene) => getProfile(bearer(pair.access_token));
  return { title, attempts: [{ at: title, app: 'bearer', answer, send, control }] };
}

function textOf(body: Row[1], scene: Scene): string | Buffer {
  return typeof body === 'function' ? body(scene) : body;
}

function credentials({ username }: Scene): string {
  return JSON.stringify({ username, password: `${username}-password` });
}

function withMember(scene: Scene, member: string): string {
  return credentials(scene).replace('}', `,${member}}`);
}
