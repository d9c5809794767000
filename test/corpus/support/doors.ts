import type { RefusalReason } from 'nestjs-session-registry';
import type { TokenKind } from '../../../src/tokens/claims.js';
import { ACCESS, REFRESH } from '../../support/browser.js';
import { type Attempt, badGrant, badToken, type Case, type Outcome } from './case.js';
import { bearer, post, write } from './request.js';
import type { Specimen } from './scene.js';
import type { AppName } from './stage.js';

/** A way a token comes in. */
export interface Door {
  readonly at: string;
  readonly kind: TokenKind;
  readonly request: (token: string) => Buffer;
  readonly refused: (reason: RefusalReason) => Outcome;
  /** What can travel this way at all; the rest is tried by hand in `transport`. */
  readonly carries: RegExp;
  /** The guard, which changes nothing by letting somebody in. */
  readonly guards?: true;
  /** A sign-out, which asks where a token is from and not whether it is over. */
  readonly signsOut?: true;
}

/** A token made wrong: how, and why it is refused wherever its kind is due. */
export type TokenRow = readonly [
  title: string,
  forge: (specimen: Specimen) => string,
  reason: RefusalReason,
  more?: {
    /** Makes sense for this kind alone. */
    readonly only?: TokenKind;
    /** The control, where it is not the victim's own token. */
    readonly good?: (specimen: Specimen) => string;
    /** Wrong by time alone, and still good to sign its own session out. */
    readonly signsOut?: true;
  },
];

const ANYTHING = /^/;
/** What Node takes for the value of a header, and hands on as it is. */
const HEADER_TEXT = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** What comes out of a Cookie header as it went in. */
const COOKIE_TEXT = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

const logout = { refused: badToken, signsOut: true } as const;
const inHeader = { kind: 'access', carries: HEADER_TEXT } as const;
const inBody = { kind: 'refresh', carries: ANYTHING } as const;
const accessCookie = (token: string): string => `Cookie: ${ACCESS}=${token}`;
const refreshCookie = (token: string): string => `Cookie: ${REFRESH}=${token}`;

/** Every way in where tokens travel in headers and bodies. Signing out comes last: it leaves nothing to try. */
export const BEARER_DOORS: readonly Door[] = [
  {
    ...{ at: 'the guard', ...inHeader, refused: badToken, guards: true },
    request: (token) => write({ headers: [bearer(token)] }),
  },
  {
    ...{ at: 'passport', ...inHeader, refused: badToken },
    request: (token) => write({ path: '/passport/notes', headers: [bearer(token)] }),
  },
  {
    ...{ at: 'refresh', ...inBody, refused: badGrant },
    request: (token) => post('/auth/refresh', { refresh_token: token }),
  },
  {
    ...{ at: 'logout by header', ...inHeader, ...logout },
    request: (token) => write({ method: 'POST', path: '/auth/logout', headers: [bearer(token)] }),
  },
  {
    ...{ at: 'logout by body', ...inBody, ...logout },
    request: (token) => post('/auth/logout', { refresh_token: token }),
  },
];

/** Every way in where tokens travel in cookies. */
export const COOKIE_DOORS: readonly Door[] = [
  {
    ...{ at: 'the guard by cookie', kind: 'access', carries: COOKIE_TEXT, refused: badToken, guards: true },
    request: (token) => write({ headers: [accessCookie(token)] }),
  },
  {
    ...{ at: 'refresh by cookie', kind: 'refresh', carries: COOKIE_TEXT, refused: badGrant },
    request: (token) => write({ method: 'POST', path: '/auth/refresh', headers: [refreshCookie(token)] }),
  },
  {
    ...{ at: 'logout by access cookie', kind: 'access', carries: COOKIE_TEXT, ...logout },
    request: (token) => write({ method: 'POST', path: '/auth/logout', headers: [accessCookie(token)] }),
  },
  {
    ...{ at: 'logout by refresh cookie', kind: 'refresh', carries: COOKIE_TEXT, ...logout },
    request: (token) => write({ method: 'POST', path: '/auth/logout', headers: [refreshCookie(token)] }),
  },
];

const DOORS: readonly (readonly [AppName, readonly Door[]])[] = [
  ['bearer', BEARER_DOORS],
  ['cookie', COOKIE_DOORS],
];

/** The rows as cases, each tried at every door of the apps that sign with a secret. */
export function atEveryDoor(rows: readonly TokenRow[]): Case[] {
  return toCases(rows, DOORS);
}

/** The rows as cases, each tried at every door of the app that signs with pairs of keys. */
export function withKeyPairs(rows: readonly TokenRow[]): Case[] {
  return toCases(rows, [['keys', BEARER_DOORS]]);
}

/** The control goes to the guards with each row, and to every door with the first row that is for both kinds. */
function toCases(rows: readonly TokenRow[], apps: typeof DOORS): Case[] {
  const first = rows.findIndex(([, , , more]) => more?.only === undefined);
  return rows.map((row, index) => toCase(row, apps, index === first));
}

function toCase(row: TokenRow, apps: typeof DOORS, first: boolean): Case {
  const [title, , , { only } = {}] = row;
  const doors = apps.flatMap(([app, all]) => all.map((door) => [app, door] as const));
  const fitting = doors.filter(([, { kind }]) => only === undefined || kind === only);
  return { title, attempts: fitting.map(([app, door]) => toAttempt(row, app, door, first)) };
}

function toAttempt([, forged, reason, more = {}]: TokenRow, app: AppName, door: Door, first: boolean): Attempt {
  const good = more.good ?? (({ good: token }: Specimen) => token);
  const overTime = more.signsOut && door.signsOut;
  return {
    at: door.at,
    app,
    carries: (scene) => door.carries.test(forged(scene.specimen(door.kind))),
    send: (scene) => door.request(forged(scene.specimen(door.kind))),
    answer: overTime ? { status: 204 } : door.refused(reason),
    ...(overTime && { ends: 'signed_out' as const }),
    ...((first || more.good || door.guards) && { control: (scene) => door.request(good(scene.specimen(door.kind))) }),
  };
}
