import { createHash, hkdfSync } from 'node:crypto';
import { SECRET } from '../../support/app.js';
import type { Category } from '../support/case.js';
import { atEveryDoor, type TokenRow, withKeyPairs } from '../support/doors.js';
import { derivedKey, hmac } from '../support/forge.js';
import { OLD_SECRET } from '../support/keys.js';
import type { Specimen } from '../support/scene.js';

type Key = (it: Specimen) => Parameters<typeof hmac>[0];

const hkdf = (info: string, secret = SECRET, salt = ''): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32));
const infoOf = ({ kind }: Specimen): string => `nestjs-session-registry ${kind} token`;

/** Keys somebody may try in place of the one of this kind. */
const WRONG: readonly (readonly [title: string, key: Key])[] = [
  ['R10 the key of the other kind', (it) => derivedKey(SECRET, it.otherKind)],
  ['R9 the secret itself', () => SECRET],
  ['R9 the SHA-256 of the secret', () => createHash('sha256').update(SECRET).digest()],
  ['R9 the key of another secret', (it) => derivedKey(`${SECRET}!`, it.kind)],
  ['R9 the key of a secret that is cut', (it) => derivedKey(SECRET.slice(0, 32), it.kind)],
  ['R9 the key of the secret in capitals', (it) => derivedKey(SECRET.toUpperCase(), it.kind)],
  ['R10 the secret derived without a purpose', () => hkdf('')],
  ['R10 the secret derived for another purpose', (it) => hkdf(`${infoOf(it)} `)],
  ['R10 the secret derived with a salt', (it) => hkdf(infoOf(it), SECRET, 'salt')],
  ['R9 no key', () => Buffer.alloc(0)],
  ['R9 a key of 32 zeros', () => Buffer.alloc(32)],
  ['R9 a key of 64 zeros', () => Buffer.alloc(64)],
  ['R9 one byte', () => Buffer.from([0])],
  ['R9 the word secret', () => 'secret'],
  ['R9 the key printed on jwt.io', () => 'a-string-secret-at-least-256-bits-long'],
  ['R9 the word undefined', () => 'undefined'],
  ['R9 the words [object Object]', () => '[object Object]'],
  ['R12 the user id', (it) => String(it.claims.sub)],
  ['R12 the guid', (it) => String(it.claims.guid)],
  ['R12 the refTokID', (it) => String(it.claims.refTokID)],
  ['R12 the issuer', (it) => String(it.claims.iss)],
];

const LONG = 'k'.repeat(1_500);
/** Names for a key; every one goes with a signature by whatever such a name may lead a look-up to. */
const KIDS: readonly (readonly [name: string, kid: unknown])[] = [
  ['../../dev/null', '../../dev/null'],
  ['/dev/null', '/dev/null'],
  ['../../../../proc/self/environ', '../../../../proc/self/environ'],
  ['file:///dev/null', 'file:///dev/null'],
  ["x' UNION SELECT ''--", "x' UNION SELECT '';--"],
  ['| cat /dev/null', '| cat /dev/null'],
  ['$(cat /dev/null)', '$(cat /dev/null)'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['toString', 'toString'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['nothing', ''],
  ['null', null],
  ['0', 0],
  ['true', true],
  ['[]', []],
  ['["old"]', ['old']],
  ['{}', {}],
  ['"undefined"', 'undefined'],
  ['a name of 1,500 letters', LONG],
  ['a name with NUL', 'old\u0000'],
  ['a name in capitals', 'OLD'],
  ['a name with a space', 'old '],
  ['a name in wide letters', 'ｏｌｄ'],
];

const named: TokenRow[] = KIDS.flatMap(([name, kid]): TokenRow[] => [
  [`R11 R12 the kid ${name}, truly signed`, (it) => it.withMember({ kid }), 'wrong_header'],
  [`R11 R12 the kid ${name}, signed with nothing`, (it) => it.withMember({ kid }, hmac('')), 'wrong_header'],
]);

const between: TokenRow[] = [
  [
    'R11 signed with the nameless secret in the name of another',
    (it) => it.by({ alg: 'HS256', kid: 'old' }, hmac(derivedKey(SECRET, it.kind))),
    'bad_signature',
  ],
  [
    'R11 signed with a named secret, without its name',
    (it) => it.by({ alg: 'HS256' }, hmac(derivedKey(OLD_SECRET, it.kind))),
    'bad_signature',
  ],
  [
    'R10 R11 signed with a named secret for the other kind',
    (it) => it.by({ alg: 'HS256', kid: 'old' }, hmac(derivedKey(OLD_SECRET, it.otherKind))),
    'bad_signature',
    { good: (it) => it.by({ alg: 'HS256', kid: 'old' }, hmac(derivedKey(OLD_SECRET, it.kind))) },
  ],
  [
    'R11 signed with a key that left the list',
    (it) =>
      it.by({ alg: 'HS256', kid: 'older' }, hmac(derivedKey('a secret of long ago, and its bytes are many', it.kind))),
    'wrong_header',
    { good: (it) => it.by({ alg: 'HS256' }, hmac(derivedKey(SECRET, it.kind))) },
  ],
];

/** Which key signed a token, and which it names. */
export const key: Category = {
  name: 'key',
  cases: [
    ...atEveryDoor([
      ...WRONG.map(([title, of]): TokenRow => [title, (it) => it.signedWith(hmac(of(it))), 'bad_signature']),
      ...named,
    ]),
    ...withKeyPairs([...between, ...named.filter((_, index) => index % 8 === 0)].map(onPairs)),
  ],
};

function onPairs([title, ...row]: TokenRow): TokenRow {
  return [`${title} (with a list of keys)`, ...row];
}
