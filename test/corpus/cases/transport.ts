import {
  type Attempt,
  badToken,
  byFramework,
  type Case,
  type Category,
  NO_TOKEN,
  type Outcome,
  TWO_CREDENTIALS,
} from '../support/case.js';
import { bearer, getProfile, post, write } from '../support/request.js';
import type { Scene } from '../support/scene.js';

type Lines = (token: string, scene: Scene) => readonly string[];
type Row = readonly [title: string, lines: Lines, answer: Attempt['answer']];

const FINE: Outcome = { status: 200 };
const MALFORMED = badToken('malformed_token');
/** Node's parser refuses the request, before either framework. */
const UNREADABLE = byFramework(400);
const TOO_LARGE = byFramework(431);

const schemes: Row[] = [
  ['R49 no header', () => [], NO_TOKEN],
  ['R49 an empty header', () => ['Authorization:'], NO_TOKEN],
  ['R49 spaces', () => ['Authorization:    '], NO_TOKEN],
  ['R49 a token without a scheme', (token) => [`Authorization: ${token}`], NO_TOKEN],
  ['R49 the scheme alone', () => ['Authorization: Bearer'], NO_TOKEN],
  ['R49 the scheme and spaces', () => ['Authorization: Bearer   '], NO_TOKEN],
  ...['Basic', 'Digest', 'Negotiate', 'DPoP', 'JWT', 'Token', 'OAuth', 'BearerX', 'Bearer:', 'Bearer=', 'B earer'].map(
    (scheme): Row => [`R49 the scheme ${scheme}`, (token) => [`Authorization: ${scheme} ${token}`], NO_TOKEN],
  ),
  ['R49 Basic with the token for a password', (token) => [`Authorization: Basic ${base64(`ada:${token}`)}`], NO_TOKEN],
  ['R49 a tab after the scheme', (token) => [`Authorization: Bearer\t${token}`], NO_TOKEN],
  ['R49 no space after the scheme', (token) => [`Authorization: Bearer${token}`], NO_TOKEN],
  ['R49 the scheme in small letters is the scheme (RFC 9110)', (token) => [`Authorization: bearer ${token}`], FINE],
  ['R49 the scheme in capitals is the scheme', (token) => [`Authorization: BEARER ${token}`], FINE],
  ['R49 the scheme in odd letters is the scheme', (token) => [`authorization: bEaReR ${token}`], FINE],
  ['R49 two spaces are a separator (RFC 9110 section 11.4)', (token) => [`Authorization: Bearer  ${token}`], FINE],
  ['R49 spaces around a header are no part of it', (token) => [`Authorization:   Bearer ${token}  `], FINE],
];

const dressed: Row[] = [
  ['R5 the scheme twice', (token) => [`Authorization: Bearer Bearer ${token}`], MALFORMED],
  ['R5 in quotes', (token) => [`Authorization: Bearer "${token}"`], MALFORMED],
  ['R5 as a parameter', (token) => [`Authorization: Bearer token="${token}"`], MALFORMED],
  ['R5 with a parameter after it', (token) => [`Authorization: Bearer ${token};realm=x`], MALFORMED],
  ['R5 with padding', (token) => [`Authorization: Bearer ${token}=`], MALFORMED],
  ['R5 two, joined by a comma', (token) => [`Authorization: Bearer ${token},Bearer ${token}`], MALFORMED],
  ['R5 two, joined by a comma and a space', (token) => [`Authorization: Bearer ${token}, Bearer ${token}`], MALFORMED],
  ['R5 with Basic after a comma', (token) => [`Authorization: Bearer ${token}, Basic YTph`], MALFORMED],
  ['R5 two, joined by a space', (token) => [`Authorization: Bearer ${token} ${token}`], MALFORMED],
  ['R5 a tab within', (token) => [`Authorization: Bearer ${token.replace('.', '\t.')}`], MALFORMED],
  ['R5 a tab before it', (token) => [`Authorization: Bearer \t${token}`], MALFORMED],
  ['R5 a non-breaking space before it', (token) => [`Authorization: Bearer \u00a0${token}`], MALFORMED],
  ['R5 a non-breaking space after it', (token) => [`Authorization: Bearer ${token}\u00a0`], MALFORMED],
  ['R5 a byte order mark in UTF-8', (token) => [`Authorization: Bearer \u00ef\u00bb\u00bf${token}`], MALFORMED],
  ['R5 a byte of no ASCII after it', (token) => [`Authorization: Bearer ${token}\u00ff`], MALFORMED],
  ['R5 Basic, a comma, and it', (token) => [`Authorization: Basic YTph, Bearer ${token}`], NO_TOKEN],
];

const twice: Row[] = [
  ['R49 the header twice', (token) => [bearer(token), bearer(token)], TWO_CREDENTIALS],
  ['R49 a good header and a bad one', (token) => [bearer(token), bearer('x')], TWO_CREDENTIALS],
  ['R49 a bad header and a good one', (token) => [bearer('x'), bearer(token)], TWO_CREDENTIALS],
  ['R49 an empty header and a good one', (token) => ['Authorization:', bearer(token)], TWO_CREDENTIALS],
  ['R49 a good header and Basic', (token) => [bearer(token), 'authorization: Basic YTph'], TWO_CREDENTIALS],
  ['R49 Basic and a good header', (token) => ['AUTHORIZATION: Basic YTph', bearer(token)], TWO_CREDENTIALS],
  ['R49 three headers', (token) => [bearer(token), bearer(token), bearer(token)], TWO_CREDENTIALS],
];

const elsewhere: Row[] = [
  ...['access_token', '__Host-access_token', 'Authorization', 'token', 'jwt', 'refresh_token'].map(
    (name): Row => [`R49 the cookie ${name}`, (token) => [`Cookie: ${name}=${token}`], NO_TOKEN],
  ),
  ...['X-Authorization', 'X-Access-Token', 'Proxy-Authorization', 'X-Forwarded-Authorization', 'Authorization_'].map(
    (name): Row => [`R49 the header ${name}`, (token) => [`${name}: Bearer ${token}`], NO_TOKEN],
  ),
  ['R49 a WebSocket protocol', (token) => [`Sec-WebSocket-Protocol: bearer, ${token}`], NO_TOKEN],
  ['R47 a header that names a user', ({ length }, { userId }) => [`X-User: ${userId}`, `X-L: ${length}`], NO_TOKEN],
  ['R47 a header that names another path', () => ['X-Original-URL: /open', 'X-Rewrite-URL: /open'], NO_TOKEN],
  ['R47 a header that names a middleware', () => ['X-Middleware-Subrequest: middleware'], NO_TOKEN],
  ['R47 a header that names a local address', () => ['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: ::1'], NO_TOKEN],
];

const unreadable: Row[] = [
  ['R51 a space before the colon', (token) => [`Authorization : Bearer ${token}`], UNREADABLE],
  ['R51 a folded line', (token) => [`Authorization: Bearer\r\n ${token}`], UNREADABLE],
  ['R51 a line break in the token', (token) => [bearer(token.replace('.', '\n.'))], UNREADABLE],
  ['R51 a carriage return in the token', (token) => [bearer(token.replace('.', '\r.'))], UNREADABLE],
  ['R51 NUL in the token', (token) => [bearer(token.replace('.', '\0.'))], UNREADABLE],
  ['R51 NUL after the token', (token) => [bearer(`${token}\0`)], UNREADABLE],
  ['R51 a control character in the token', (token) => [bearer(`${token}\u0007`)], UNREADABLE],
  ['R51 NUL in the name', (token) => [`Author\0ization: Bearer ${token}`], UNREADABLE],
  ['R51 no colon', (token) => [`Authorization Bearer ${token}`], UNREADABLE],
  [
    'R51 a length and chunks',
    (token) => [bearer(token), 'Content-Length: 0', 'Transfer-Encoding: chunked'],
    UNREADABLE,
  ],
  ['R51 two lengths', (token) => [bearer(token), 'Content-Length: 0', 'Content-Length: 5'], UNREADABLE],
  ['R51 a negative length', (token) => [bearer(token), 'Content-Length: -1'], UNREADABLE],
  ['R51 a length in hex', (token) => [bearer(token), 'Content-Length: 0x0'], UNREADABLE],
  ['R56 a token of 20 kB', (token) => [bearer(`${token}${'A'.repeat(20_000)}`)], TOO_LARGE],
  ['R56 a token of 100 kB', (token) => [bearer(`${token}${'A'.repeat(100_000)}`)], TOO_LARGE],
  ['R56 20 kB of another header', (token) => [bearer(token), `X-Pad: ${'x'.repeat(20_000)}`], TOO_LARGE],
  ['R56 R58 10 kB of spaces', () => [bearer(`${' '.repeat(10_000)}x`)], MALFORMED],
  ['R56 R58 10 kB of dots', () => [bearer('.'.repeat(10_000))], MALFORMED],
  ['R56 R58 10 kB of commas', (token) => [bearer(`${token}${','.repeat(10_000)}`)], MALFORMED],
  ['R58 2,500 headers Authorization', () => Array<string>(900).fill('Authorization: x'), TWO_CREDENTIALS],
];

const beside: Case[] = [
  by('R49 in the query', ({ token }) => write({ path: `/profile?access_token=${token}` }), NO_TOKEN),
  by(
    'R49 in the query, as Authorization',
    ({ token }) => write({ path: `/profile?Authorization=Bearer%20${token}` }),
    NO_TOKEN,
  ),
  by(
    'R49 as a user of the address',
    ({ token }) => write({ path: `http://bearer:${token}@app.example/profile` }),
    NO_TOKEN,
  ),
  by('R49 in the body of a GET', ({ token }) => write({ body: JSON.stringify({ access_token: token }) }), NO_TOKEN),
  by('R49 in the body of a POST', ({ token }) => post('/notes', { access_token: token }), NO_TOKEN),
  by('R49 in a form', ({ token }) => form(`access_token=${token}`), NO_TOKEN),
  by('R49 in a trailer', ({ token }) => trailer(token), NO_TOKEN),
  by('R49 in HTTP/1.0 it is as good', ({ token }) => write({ version: '1.0', headers: [bearer(token)] }), FINE),
  by('R51 HTTP/3.0 by text', ({ token }) => write({ version: '3.0', headers: [bearer(token)] }), UNREADABLE),
  by('R51 the preface of HTTP/2', () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), UNREADABLE),
  by('R51 no HTTP', ({ token }) => Buffer.from(`${token}\r\n\r\n`), UNREADABLE),
  by('R51 bytes of TLS', () => Buffer.from('16030100c8010000c40303', 'hex'), UNREADABLE),
  by('R51 no Host', ({ token }) => Buffer.from(`GET /profile HTTP/1.1\r\n${bearer(token)}\r\n\r\n`), UNREADABLE),
  by(
    'R51 lines that end in LF',
    ({ token }) => Buffer.from(`GET /profile HTTP/1.1\nHost: a\n${bearer(token)}\n\n`),
    UNREADABLE,
  ),
];

const tables = [...schemes, ...dressed, ...twice, ...elsewhere, ...unreadable];

/** Where a bearer token stands in a request, and where it must not. */
export const transport: Category = {
  name: 'transport',
  cases: [
    ...tables.map(([title, lines, answer]) => by(title, (it) => getProfile(...lines(it.token, it.scene)), answer)),
    ...beside,
  ],
};

function by(title: string, send: (it: { token: string; scene: Scene }) => Buffer, answer: Attempt['answer']): Case {
  const attempt: Attempt = {
    ...{ at: 'GET /profile', app: 'bearer', answer },
    send: (scene) => send({ token: scene.pair.access_token, scene }),
    control: ({ pair }) => getProfile(bearer(pair.access_token)),
  };
  return { title, attempts: [attempt] };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function form(body: string): Buffer {
  return write({ method: 'POST', path: '/notes', body, headers: ['Content-Type: application/x-www-form-urlencoded'] });
}

function trailer(token: string): Buffer {
  const headers = ['Transfer-Encoding: chunked', 'Trailer: Authorization', 'Content-Type: application/json'];
  const body = `2\r\n{}\r\n0\r\n${bearer(token)}\r\n\r\n`;
  return Buffer.concat([write({ method: 'POST', path: '/notes', headers }), Buffer.from(body)]);
}
