import { SECRET } from '../../support/app.js';
import { ACCESS, REFRESH } from '../../support/browser.js';
import { TOKEN_TYPES, type TokenKind } from '../../../src/tokens/claims.js';
import { badGrant, badToken, type Case, type Category, type Outcome } from '../support/case.js';
import { derivedKey, forge, hmac } from '../support/forge.js';
import { bearer, post, write } from '../support/request.js';
import type { Scene, Specimen } from '../support/scene.js';
import type { AppName } from '../support/stage.js';

/** An endpoint, the kind of token it wants, and where that goes. */
interface Endpoint {
  readonly at: string;
  readonly app: AppName;
  readonly wants: TokenKind;
  readonly request: (token: string, scene: Scene) => Buffer;
}

const ROUTES: readonly (readonly [at: string, method: string, path: (scene: Scene) => string, body?: string])[] = [
  ['GET /profile', 'GET', () => '/profile'],
  ['GET /passport/notes', 'GET', () => '/passport/notes'],
  ['POST /notes', 'POST', () => '/notes'],
  ['POST /passport/notes', 'POST', () => '/passport/notes'],
  ['GET /sessions', 'GET', () => '/sessions'],
  ['GET /sessions?state=ended', 'GET', () => '/sessions?state=ended'],
  ['PATCH /sessions/:guid', 'PATCH', ({ guid }) => `/sessions/${guid}`, '{"name":"mine"}'],
  ['DELETE /sessions/:guid', 'DELETE', ({ guid }) => `/sessions/${guid}`],
  ['DELETE /sessions?except=current', 'DELETE', () => '/sessions?except=current'],
  ['DELETE /sessions', 'DELETE', () => '/sessions'],
  ['POST /auth/logout', 'POST', () => '/auth/logout'],
];

const inHeader = ROUTES.map(
  ([at, method, path, body]): Endpoint => ({
    ...{ at, app: 'bearer', wants: 'access' },
    request: (token, scene) => write({ method, path: path(scene), body, headers: [bearer(token)] }),
  }),
);
const inAccessCookie = ROUTES.map(
  ([at, method, path, body]): Endpoint => ({
    ...{ at: `${at} by cookie`, app: 'cookie', wants: 'access' },
    request: (token, scene) => write({ method, path: path(scene), body, headers: [`Cookie: ${ACCESS}=${token}`] }),
  }),
);
const inBody = ['/auth/refresh', '/auth/logout'].map(
  (path): Endpoint => ({
    ...{ at: `POST ${path} with a body`, app: 'bearer', wants: 'refresh' },
    request: (token) => post(path, { refresh_token: token }),
  }),
);
const inRefreshCookie = ['/auth/refresh', '/auth/logout'].map(
  (path): Endpoint => ({
    ...{ at: `POST ${path} by cookie`, app: 'cookie', wants: 'refresh' },
    request: (token) => write({ method: 'POST', path, headers: [`Cookie: ${REFRESH}=${token}`] }),
  }),
);
const ENDPOINTS = [...inHeader, ...inAccessCookie, ...inBody, ...inRefreshCookie];

/** How a token of one kind may be made to look like the other. */
const DISGUISES: readonly (readonly [name: string, of: (it: Specimen) => string, refused: 'header' | 'signature'])[] = [
  ['as it is', (it) => it.good, 'header'],
  ['with the typ of the other', (it) => it.withMember({ typ: TOKEN_TYPES[it.otherKind] }), 'signature'],
  ['signed with the key of the other', (it) => it.signedWith(keyOf(it.otherKind)), 'header'],
  ['with the claims of the other', (it) => claimsOfTheOther(it), 'header'],
];

/** Tokens of one kind where the other is due, on every endpoint. */
export const crossing: Category = {
  name: 'crossing',
  cases: DISGUISES.flatMap((disguise) => ENDPOINTS.map((endpoint) => crossed(endpoint, disguise))),
};

function crossed({ at, app, wants, request }: Endpoint, [name, of, refused]: (typeof DISGUISES)[number]): Case {
  const other = wants === 'access' ? 'refresh' : 'access';
  const reason = refused === 'header' ? 'wrong_header' : 'bad_signature';
  const answer: Outcome = at.startsWith('POST /auth/refresh') ? badGrant(reason) : badToken(reason);
  const attempt = {
    ...{ at, app, answer },
    send: (scene: Scene) => request(of(scene.specimen(other)), scene),
    control: (scene: Scene) => request(scene.specimen(wants).good, scene),
  };
  return { title: `R1 R10 the ${other} token ${name} at ${at}`, attempts: [attempt] };
}

function keyOf(kind: TokenKind) {
  return hmac(derivedKey(SECRET, kind));
}

function claimsOfTheOther(it: Specimen): string {
  return forge(it.header, it.scene.specimen(it.otherKind).claims, it.sign);
}
