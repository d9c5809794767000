import { ACCESS, REFRESH } from '../../support/browser.js';
import {
  type Attempt,
  badGrant,
  badToken,
  type Case,
  type Category,
  CROSS_SITE,
  malformed,
  NO_TOKEN,
  type Outcome,
  TWO_CREDENTIALS,
} from '../support/case.js';
import { bearer, getProfile, post, write } from '../support/request.js';
import type { Scene } from '../support/scene.js';
import type { AppName } from '../support/stage.js';

type Lines = (access: string, refresh: string) => readonly string[];
type Change = readonly [
  at: string,
  request: (scene: Scene, lines: readonly string[]) => Buffer,
  status: number,
  ends: 'live' | 'revoked_all',
];
type Row = readonly [title: string, lines: Lines, answer: Attempt['answer']];

const CROSS = 'Sec-Fetch-Site: cross-site';
const FINE: Outcome = { status: 200 };
const MALFORMED = badToken('malformed_token');
const NO_GRANT = badGrant('no_credentials');

/** At `GET /profile`. */
const access: Row[] = [
  ['R49 no cookie', () => [], NO_TOKEN],
  ['R49 an empty cookie', () => [`Cookie: ${ACCESS}=`], NO_TOKEN],
  ['R41 the name without its prefix', (token) => [`Cookie: access_token=${token}`], NO_TOKEN],
  ['R41 the name with another prefix', (token) => [`Cookie: __Secure-access_token=${token}`], NO_TOKEN],
  ['R41 the name in small letters', (token) => [`Cookie: ${ACCESS.toLowerCase()}=${token}`], NO_TOKEN],
  ['R41 the name and a letter more', (token) => [`Cookie: ${ACCESS}s=${token}`], NO_TOKEN],
  ['R41 the name after a letter', (token) => [`Cookie: x${ACCESS}=${token}`], NO_TOKEN],
  ['R41 the name as a value', (token) => [`Cookie: x=${ACCESS}=${token}`], NO_TOKEN],
  ['R41 the name in percent signs', (token) => [`Cookie: %5F%5FHost-access_token=${token}`], NO_TOKEN],
  ['R41 a comma for a semicolon', (token) => [`Cookie: a=1, ${ACCESS}=${token}`], NO_TOKEN],
  ['R5 the value in quotes', (token) => [`Cookie: ${ACCESS}="${token}"`], MALFORMED],
  ['R5 the value in percent signs', (token) => [`Cookie: ${ACCESS}=${token.replaceAll('.', '%2E')}`], MALFORMED],
  ['R5 a percent sign that stands for nothing', () => [`Cookie: ${ACCESS}=%E0%A4%A`], MALFORMED],
  ['R5 a scheme in it', (token) => [`Cookie: ${ACCESS}=Bearer ${token}`], MALFORMED],
  ['R5 an equals sign after it', (token) => [`Cookie: ${ACCESS}=${token}=`], MALFORMED],
  ['R5 a comma and more after it', (token) => [`Cookie: ${ACCESS}=${token}, a=1`], MALFORMED],
  ['R1 the refresh token in it', (_, token) => [`Cookie: ${ACCESS}=${token}`], badToken('wrong_header')],
  ['R49 the refresh cookie alone', (_, token) => [`Cookie: ${REFRESH}=${token}`], NO_TOKEN],
  ['R49 twice, alike', (token) => [`Cookie: ${ACCESS}=${token}; ${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 a good one and a bad one', (token) => [`Cookie: ${ACCESS}=${token}; ${ACCESS}=x`], TWO_CREDENTIALS],
  ['R49 a bad one and a good one', (token) => [`Cookie: ${ACCESS}=x; ${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 an empty one and a good one', (token) => [`Cookie: ${ACCESS}=;${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 in two headers', (token) => [`Cookie: ${ACCESS}=${token}`, `Cookie: ${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 in the header too', (token) => [bearer(token), `Cookie: ${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 a bad one in the header too', (token) => [bearer('x'), `Cookie: ${ACCESS}=${token}`], TWO_CREDENTIALS],
  ['R49 a bad one in the cookie', (token) => [bearer(token), `Cookie: ${ACCESS}=x`], TWO_CREDENTIALS],
  ['R49 in the header alone it is as good', (token) => [bearer(token)], FINE],
  ['R49 among other cookies it is as good', (token) => [`Cookie: a=1; ${ACCESS}=${token}; b="2"; c`], FINE],
  ['R42 a GET from another site changes nothing', (token) => [`Cookie: ${ACCESS}=${token}`, CROSS], FINE],
];

/** At `POST /auth/refresh`, without a body. */
const refresh: Row[] = [
  ['R49 no cookie', () => [], NO_GRANT],
  ['R49 an empty cookie', () => [`Cookie: ${REFRESH}=`], NO_GRANT],
  ['R49 in the header', (_, token) => [bearer(token)], NO_GRANT],
  ['R41 the name without its prefix', (_, token) => [`Cookie: refresh_token=${token}`], NO_GRANT],
  ['R41 the name in capitals', (_, token) => [`Cookie: ${REFRESH.toUpperCase()}=${token}`], NO_GRANT],
  ['R1 the access token in it', (token) => [`Cookie: ${REFRESH}=${token}`], badGrant('wrong_header')],
  ['R1 the access cookie alone', (token) => [`Cookie: ${ACCESS}=${token}`], NO_GRANT],
  ['R49 twice', (_, token) => [`Cookie: ${REFRESH}=${token}; ${REFRESH}=${token}`], TWO_CREDENTIALS],
  ['R49 a planted one before it', (_, token) => [`Cookie: ${REFRESH}=x; ${REFRESH}=${token}`], TWO_CREDENTIALS],
  ['R49 in two headers', (_, token) => [`Cookie: ${REFRESH}=${token}`, `cookie: ${REFRESH}=x`], TWO_CREDENTIALS],
];

/** What a browser says of a page of another origin, as it may be tampered with. */
const FOREIGN: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['from another site', [CROSS]],
  ['from another subdomain', ['Sec-Fetch-Site: same-site']],
  ['from a site in odd letters', ['Sec-Fetch-Site: Same-Origin']],
  ['from a site that says two things', ['Sec-Fetch-Site: same-origin, cross-site']],
  ['from a site that says it twice', [CROSS, 'Sec-Fetch-Site: same-origin']],
  ['from a site that says nothing', ['Sec-Fetch-Site:']],
  ['from another origin', ['Origin: https://evil.example']],
  ['from no origin', ['Origin: null']],
  ['from an empty origin', ['Origin:']],
  ['from an origin that begins like ours', ['Origin: https://app.example.evil.example']],
  ['from an origin that ends like ours', ['Origin: https://evil-app.example']],
  ['from another port', ['Origin: https://app.example:8443']],
  ['from an origin beside an allowed one', ['Origin: https://other.example.evil.example']],
  ['from an allowed origin without TLS', ['Origin: http://other.example']],
  ['from an allowed origin in capitals', ['Origin: HTTPS://OTHER.EXAMPLE']],
  ['from an origin with a path', ['Origin: https://other.example/']],
  ['from no origin at all', ['Origin: nonsense']],
  ['from our origin, and another site', ['Origin: https://app.example', CROSS]],
];

/** What changes something for whoever holds the cookies, and what it makes of the session if it is let in. */
const CHANGES: readonly Change[] = [
  ['POST /notes', (scene, lines) => bare('POST', '/notes', scene, lines), 201, 'live'],
  ['POST /passport/notes', (scene, lines) => bare('POST', '/passport/notes', scene, lines), 201, 'live'],
  ['POST /auth/refresh', (scene, lines) => bare('POST', '/auth/refresh', scene, lines), 200, 'live'],
  ['DELETE /sessions', (scene, lines) => bare('DELETE', '/sessions', scene, lines), 200, 'revoked_all'],
  ['POST /auth/logout', (scene, lines) => bare('POST', '/auth/logout', scene, lines), 204, 'revoked_all'],
  ['POST /auth/login', (scene, lines) => post('/auth/login', login(scene), ...lines), 200, 'revoked_all'],
];

const crossSite: Case[] = FOREIGN.map(([name, lines]) => ({
  title: `R42 ${name}`,
  attempts: CHANGES.flatMap(([at, request]) =>
    (['cookie', 'both'] as const).map(
      (app): Attempt => ({ at, app, send: (scene) => request(scene, lines), answer: CROSS_SITE }),
    ),
  ),
}));

/** The same with what a browser says of a page of ours, so that nothing above was refused for another reason. */
const sameSite: Case[] = [
  ['R42 from a page of ours it is let in', ['Sec-Fetch-Site: same-origin', 'Origin: https://app.example']],
  ['R42 from an allowed origin it is let in', [CROSS, 'Origin: https://other.example']],
  ['R42 from our origin by an older browser it is let in', ['Origin: https://app.example']],
  ['R42 from no page it is let in', []],
].map(([title, lines]) => ({
  title: title as string,
  attempts: CHANGES.map((change) => letIn(change, lines as string[])),
}));

const inBodies: Case[] = [
  at('R49 a refresh token in the body where cookies carry it', 'cookie', 'in body', malformed()),
  at('R49 a refresh token in the body and in a cookie', 'both', 'in both', TWO_CREDENTIALS),
  at('R49 a bad refresh token in the body beside a good cookie', 'both', 'bad in body', TWO_CREDENTIALS),
];

/** What a cookie says, and who made a browser send it. */
export const cookieTransport: Category = {
  name: 'transport by cookie',
  cases: [
    ...access.map(([title, lines, answer]) =>
      asked(`${title}, at the guard`, (sent) => getProfile(...sent), lines, answer),
    ),
    ...refresh.map(([title, lines, answer]) =>
      asked(
        `${title}, at the renewal`,
        (sent) => write({ method: 'POST', path: '/auth/refresh', headers: sent }),
        lines,
        answer,
      ),
    ),
    ...[...crossSite, ...sameSite, ...inBodies],
  ],
};

function asked(title: string, to: (lines: readonly string[]) => Buffer, lines: Lines, answer: Attempt['answer']): Case {
  const good: Lines = (accessToken, refreshToken) => [`Cookie: ${ACCESS}=${accessToken}; ${REFRESH}=${refreshToken}`];
  const write =
    (given: Lines) =>
    ({ pair }: Scene) =>
      to(given(pair.access_token, pair.refresh_token));
  return { title, attempts: [{ at: title, app: 'cookie', send: write(lines), answer, control: write(good) }] };
}

function letIn([at, request, status, ends]: Change, lines: readonly string[]): Attempt {
  return { at, app: 'cookie', ends, answer: { status }, send: (scene) => request(scene, lines) };
}

function at(title: string, app: AppName, way: 'in body' | 'in both' | 'bad in body', answer: Outcome): Case {
  const attempts = ['/auth/refresh', '/auth/logout'].map((path): Attempt => {
    const cookie = ({ pair }: Scene) => (way === 'in body' ? [] : [`Cookie: ${REFRESH}=${pair.refresh_token}`]);
    const body = ({ pair }: Scene) => ({ refresh_token: way === 'bad in body' ? 'x' : pair.refresh_token });
    const control = (scene: Scene) =>
      write({ method: 'POST', path, headers: [`Cookie: ${REFRESH}=${scene.pair.refresh_token}`] });
    return { at: path, app, send: (scene) => post(path, body(scene), ...cookie(scene)), answer, control };
  });
  return { title, attempts };
}

function bare(method: string, path: string, scene: Scene, lines: readonly string[]): Buffer {
  return write({ method, path, headers: [cookies(scene), ...lines] });
}

function cookies({ pair }: Scene): string {
  return `Cookie: ${ACCESS}=${pair.access_token}; ${REFRESH}=${pair.refresh_token}`;
}

function login({ username }: Scene): object {
  return { username, password: `${username}-password` };
}
