import type { Category } from '../support/case.js';
import { atEveryDoor, type TokenRow } from '../support/doors.js';
import type { Specimen } from '../support/scene.js';
import { AUDIENCE, ISSUER } from '../support/stage.js';

const PARTIES = ['iss', 'aud'] as const;
const TEXTS = ['sub', 'guid', 'refTokID'] as const;
const TIMES = ['iat', 'exp'] as const;
const ALL = [...PARTIES, ...TEXTS, ...TIMES];
const LIFE = { access: 300, refresh: 30 * 86_400 };

const missing: TokenRow[] = ALL.flatMap((name): TokenRow[] => [
  [`R3 no ${name}`, (it) => it.withClaims({ [name]: undefined }), 'wrong_claims'],
  [`R3 R7 ${name} behind __proto__`, (it) => behindProto(it, name), 'wrong_claims'],
  [`R3 ${name} in capitals`, (it) => renamed(it, name, name.toUpperCase()), 'wrong_claims'],
]);

/** What is no text, and what is no time: nine each, made of the very value that would do. */
const NO_TEXT = (value: unknown): readonly unknown[] => [null, true, 0, 7.5, '', [], [value], {}, { toString: value }];
const NO_TIME = (value: unknown): readonly unknown[] => [
  ...[null, true, false, '', String(value), [], [value], {}, { valueOf: value }],
];

const mistyped: TokenRow[] = ALL.flatMap((name) =>
  Array.from({ length: 9 }, (_, index): TokenRow => {
    const types = (TIMES as readonly string[]).includes(name) ? NO_TIME : NO_TEXT;
    const shown = JSON.stringify(types('itself')[index]);
    return [`R3 ${name} ${shown}`, (it) => it.withClaims({ [name]: types(it.claims[name])[index] }), 'wrong_claims'];
  }),
);

const NEAR = (name: string): readonly string[] => [
  `${name}/`,
  ` ${name}`,
  `${name} `,
  `${name}\n`,
  `${name}\u0000`,
  name.toUpperCase(),
  name.replace('https', 'http'),
  name.slice(0, -1),
  `${name}.evil.example`,
  name.replace('e', 'е'),
];

const strangers: TokenRow[] = [
  ...NEAR(ISSUER).map(
    (iss): TokenRow => [`R3 iss ${JSON.stringify(iss)}`, (it) => it.withClaims({ iss }), 'wrong_claims'],
  ),
  ...NEAR(AUDIENCE).map(
    (aud): TokenRow => [`R3 aud ${JSON.stringify(aud)}`, (it) => it.withClaims({ aud }), 'wrong_claims'],
  ),
  ['R3 iss and aud exchanged', (it) => it.withClaims({ iss: AUDIENCE, aud: ISSUER }), 'wrong_claims'],
  ['R3 aud with another beside it', (it) => it.withClaims({ aud: [AUDIENCE, 'another'] }), 'wrong_claims'],
  [
    'R3 the aud of an app left at its default',
    (it) => it.withClaims({ aud: 'nestjs-session-registry' }),
    'wrong_claims',
  ],
];

/** Numbers JSON.stringify does not write. */
const NUMBERS = [
  '1e400',
  '-1e400',
  '1e308',
  '9007199254740992',
  '9007199254740994',
  '-1',
  '-0.5',
  '1e-1',
  '1767225600.5',
];
const NO_NUMBERS = ['NaN', 'Infinity', '0x10', '01', '+1', '1_000', '.5'];

const numbers: TokenRow[] = TIMES.flatMap((name): TokenRow[] => [
  ...NUMBERS.map((json): TokenRow => [`R4 ${name} ${json}`, (it) => it.withText(name, json), 'wrong_claims']),
  ...NO_NUMBERS.map((json): TokenRow => [`R7 ${name} ${json}`, (it) => it.withText(name, json), 'malformed_token']),
]);

const long: TokenRow[] = TEXTS.flatMap((name): TokenRow[] => [
  [`R48 ${name} of 256 characters`, (it) => it.withClaims({ [name]: 'x'.repeat(256) }), 'wrong_claims'],
  [`R48 ${name} of 2,000 characters`, (it) => it.withClaims({ [name]: 'x'.repeat(2_000) }), 'wrong_claims'],
]);

/** No database takes them for a text, and no user is called so. */
const unstorable: TokenRow[] = ['id\u0000', '\ud800'].map(
  (sub): TokenRow => [`R48 the sub ${JSON.stringify(sub)}`, (it) => it.withClaims({ sub }), 'wrong_claims'],
);

const times: TokenRow[] = [
  ['R4 R69 iat 61 seconds ahead', (it) => issuedAt(it, it.now + 61), 'token_from_future', soon()],
  ['R4 R69 iat a day ahead', (it) => issuedAt(it, it.now + 86_400), 'token_from_future', soon()],
  ['R69 nbf 61 seconds ahead', (it) => it.withClaims({ nbf: it.now + 61 }), 'token_from_future', notBefore(60)],
  ['R69 nbf past exp', (it) => it.withClaims({ nbf: LIFE[it.kind] + it.now + 1 }), 'token_from_future', notBefore(0)],
  ...[null, '', '0', -1, 0.5, [], {}, true].map(
    (nbf): TokenRow => [`R3 nbf ${JSON.stringify(nbf)}`, (it) => it.withClaims({ nbf }), 'wrong_claims'],
  ),
  ['R38 expired exactly now', (it) => it.withClaims({ iat: it.now - 10, exp: it.now }), 'token_expired', lastSecond()],
  [
    'R38 expired a second ago',
    (it) => it.withClaims({ iat: it.now - 10, exp: it.now - 1 }),
    'token_expired',
    lastSecond(),
  ],
  ['R38 expired in 1970', (it) => it.withClaims({ iat: 0, exp: 1 }), 'token_expired', over()],
  ['R38 exp 0', (it) => it.withClaims({ iat: 0, exp: 0 }), 'token_expired', over()],
  ['R38 exp before iat', (it) => it.withClaims({ exp: it.now - 1 }), 'token_expired', over()],
  ['R4 a life of a second too many', (it) => lasting(it, LIFE[it.kind] + 1), 'wrong_claims', fullLife()],
  ['R4 a life of a year', (it) => lasting(it, 365 * 86_400), 'wrong_claims', fullLife()],
  [
    'R4 a life as long as numbers go',
    (it) => it.withClaims({ exp: Number.MAX_SAFE_INTEGER }),
    'wrong_claims',
    fullLife(),
  ],
  ['R4 iat 0 and a good exp', (it) => it.withClaims({ iat: 0 }), 'wrong_claims', over()],
  [
    'R1 R4 an access token with the life of a refresh token',
    (it) => lasting(it, LIFE.refresh),
    'wrong_claims',
    { ...fullLife(), only: 'access' },
  ],
];

/** Duplicate members: the last one counts, for the check as for the reader, so a second one gains nothing. */
const doubled: TokenRow[] = [
  ...ALL.map(
    (name): TokenRow => [
      `R7 a second ${name} of null at the end`,
      (it) => appended(it, `"${name}":null`),
      'wrong_claims',
    ],
  ),
  ['R7 a second iss at the end', (it) => appended(it, '"iss":"evil"'), 'wrong_claims'],
  ['R7 a second exp at the end', (it) => appended(it, '"exp":1e400'), 'wrong_claims'],
  ['R7 a second exp, over', (it) => appended(it, '"exp":1'), 'token_expired', over()],
  ['R7 an escaped second sub', (it) => appended(it, '"s\\u0075b":[]'), 'wrong_claims'],
];

/** What a truly signed token says, and must not. */
export const claims: Category = {
  name: 'claims',
  cases: atEveryDoor([...missing, ...mistyped, ...strangers, ...numbers, ...long, ...unstorable, ...times, ...doubled]),
};

function soon() {
  return { good: (it: Specimen) => issuedAt(it, it.now + 60) };
}

function notBefore(ahead: number) {
  return { good: (it: Specimen) => it.withClaims({ nbf: it.now + ahead }) };
}

function over() {
  return { signsOut: true } as const;
}

function lastSecond() {
  return { ...over(), good: (it: Specimen) => it.withClaims({ iat: it.now - 10, exp: it.now + 1 }) };
}

function fullLife() {
  return { ...over(), good: (it: Specimen) => lasting(it, LIFE[it.kind]) };
}

function issuedAt(it: Specimen, iat: number): string {
  return it.withClaims({ iat, exp: iat + 10 });
}

function lasting(it: Specimen, life: number): string {
  return it.withClaims({ exp: it.now + life });
}

function behindProto(it: Specimen, name: string): string {
  const { [name]: value, ...rest } = it.claims;
  const text = JSON.stringify({ ...rest, here: 1 });
  return it.withPayload(text.replace('"here":1', `"__proto__":${JSON.stringify({ [name]: value })}`));
}

function renamed(it: Specimen, name: string, other: string): string {
  const { [name]: value, ...rest } = it.claims;
  return it.withPayload({ ...rest, [other]: value });
}

function appended(it: Specimen, member: string): string {
  return it.withPayload(JSON.stringify(it.claims).replace(/}$/, `,${member}}`));
}
