import { type Attempt, byFramework, type Case, type Category, NO_TOKEN, type Outcome } from '../support/case.js';
import { bearer, getProfile, write } from '../support/request.js';

const ABSENT = byFramework(404);
const CLOSED = NO_TOKEN;
/** Fastify takes an address apart once it is decoded, Express as it stands. */
const DECODED = { express: ABSENT, fastify: NO_TOKEN };
const NO_URL = { express: ABSENT, fastify: byFramework(400, 'FST_ERR_BAD_URL') };
const LOOSE = { express: NO_TOKEN, fastify: ABSENT };
type Row = readonly [path: string, answer: Attempt['answer']];

/** Ways to write `/profile`: where a framework takes one for the route, the guard asks for a token there too. */
const PATHS: readonly Row[] = [
  ['/profile', CLOSED],
  ['/profile?', CLOSED],
  ['/profile?/open', CLOSED],
  ['/profile#/open', CLOSED],
  ['/profile/', LOOSE],
  ['/PROFILE', LOOSE],
  ['/Profile', LOOSE],
  ['/%70rofile', DECODED],
  ['/%70%72%6f%66%69%6c%65', DECODED],
  ['/profil%65', DECODED],
  ['/%2570rofile', ABSENT],
  ['//profile', ABSENT],
  ['/./profile', ABSENT],
  ['/../profile', ABSENT],
  ['/open/../profile', ABSENT],
  ['/open/%2e%2e/profile', ABSENT],
  ['/profile//', ABSENT],
  ['/profile/.', ABSENT],
  ['/profile/..', ABSENT],
  ['/profile%2f', ABSENT],
  ['/profile%2F..%2Fopen', ABSENT],
  ['/profile%5c', ABSENT],
  ['/profile\\', ABSENT],
  ['/profile;x=1', ABSENT],
  ['/profile;/open', ABSENT],
  ['/open;/../profile', ABSENT],
  ['/profile.json', ABSENT],
  ['/profile%00', ABSENT],
  ['/profile%20', ABSENT],
  ['/profile%0a', ABSENT],
  ['/profile%', NO_URL],
  ['/prof%69le%c0%ae', NO_URL],
  ['/profıle', ABSENT],
  ['*', ABSENT],
  ['', byFramework(400)],
  ['http://app.example/profile', CLOSED],
  ['http://evil.example/profile', CLOSED],
  ['profile', byFramework(400)],
];

const METHODS: readonly Row[] = [
  ['HEAD', { status: 401, reason: 'no_credentials', challenge: 'Bearer' }],
  ['OPTIONS', ABSENT],
  ['POST', ABSENT],
  ['PUT', ABSENT],
  ['PATCH', ABSENT],
  ['DELETE', ABSENT],
  ['TRACE', ABSENT],
  ['PROPFIND', ABSENT],
  ['SEARCH', ABSENT],
  ['CONNECT', byFramework(0)],
  ['get', byFramework(400)],
  ['GET\0', byFramework(400)],
  ['FOO', byFramework(400)],
];

const OVERRIDES: readonly string[] = [
  'X-HTTP-Method-Override: GET',
  'X-HTTP-Method: GET',
  'X-Method-Override: DELETE',
  '_method: GET',
];

const LONG: readonly Row[] = [
  [`/${'a'.repeat(2_000)}`, ABSENT],
  [`/${'a/'.repeat(2_000)}`, ABSENT],
  [`/${'%2e%2e%2f'.repeat(1_000)}profile`, ABSENT],
  [`/profile?${'a=1&'.repeat(3_000)}`, CLOSED],
  [`/profile?${'[a]'.repeat(3_000)}=1`, CLOSED],
  [`/profile?a${'[b]'.repeat(500)}=1`, CLOSED],
  [`/profile/${'a'.repeat(20_000)}`, byFramework(431)],
];

/** How an address and a method are written. Nothing of it is let in without a token. */
export const paths: Category = {
  name: 'paths',
  cases: [
    ...PATHS.map(([path, answer]) => unsigned(`R47 GET ${path || '(nothing)'}`, write({ path }), answer)),
    ...METHODS.map(([method, answer]) => unsigned(`R47 ${JSON.stringify(method)} /profile`, write({ method }), answer)),
    ...OVERRIDES.map((line) =>
      unsigned(`R47 POST /profile with ${line}`, write({ method: 'POST', headers: [line] }), ABSENT),
    ),
    ...OVERRIDES.map((line) => unsigned(`R47 GET /profile with ${line}`, getProfile(line), CLOSED)),
    ...LONG.map(([path, answer]) => unsigned(`R56 R58 GET ${path.slice(0, 20)}…`, write({ path }), answer)),
    ...pipelined(),
  ],
};

function unsigned(title: string, request: Buffer, answer: Attempt['answer']): Case {
  const control: Attempt['control'] = ({ pair }) => getProfile(bearer(pair.access_token));
  return { title, attempts: [{ at: title, app: 'bearer', answer, send: () => request, control }] };
}

/** Several requests on one connection: what one was allowed the next is not. */
function pipelined(): Case[] {
  const answer: Outcome = NO_TOKEN;
  const after = (asks: readonly string[], first: Attempt['control']): Attempt => ({
    ...{ at: 'the request after it', app: 'bearer', answer, asks },
    send: (scene) => Buffer.concat([first?.(scene) ?? Buffer.alloc(0), write({})]),
  });
  return [
    {
      title: 'R47 after a request with a token on the same connection',
      attempts: [after(['check'], ({ pair }) => getProfile(bearer(pair.access_token)))],
    },
    { title: 'R47 after an open route on the same connection', attempts: [after([], () => write({ path: '/open' }))] },
  ];
}
