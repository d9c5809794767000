import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyOption } from 'nestjs-session-registry';
import { SECRET } from '../../support/app.js';

/** A secret that stands in `KEYS` beside the one of all tests. */
export const OLD_SECRET = 'an older test secret, of more than thirty-two bytes as well';

const newRSA = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const newEC = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

/** The pairs of keys an app started with `keys` knows. */
export const [RS, ES, ED] = [newRSA(), newEC('P-256'), generateKeyPairSync('ed25519')];

/** Pairs no app knows. */
export const [STRANGE_RS, STRANGE_ES, STRANGE_ED] = [newRSA(), newEC('P-256'), generateKeyPairSync('ed25519')];

/** A pair on a curve no app takes. */
export const P384 = newEC('P-384');

/** Access tokens are signed by `rs`, refresh tokens by `old`; all of them verify. */
export const KEYS: readonly KeyOption[] = [
  { kid: 'rs', privateKey: RS.privateKey },
  { kid: 'es', privateKey: ES.privateKey },
  { kid: 'ed', privateKey: ED.privateKey },
  { kid: 'old', secret: OLD_SECRET },
  { secret: SECRET },
];

/** A key as PEM. */
export function pem(key: KeyObject): string {
  return String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));
}

/** A public key in the ways somebody may mistake it for a secret. */
export function textsOf(key: KeyObject): readonly (readonly [name: string, bytes: Buffer])[] {
  const text = pem(key);
  return [
    ['PEM', Buffer.from(text)],
    ['PEM without its last line break', Buffer.from(text.trimEnd())],
    ['PEM with CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['PEM in one line', Buffer.from(text.replaceAll('\n', ''))],
    ['base64 of its DER', Buffer.from(text.split('\n').slice(1, -2).join(''))],
    ['DER', key.export({ type: 'spki', format: 'der' })],
    ['JWK', Buffer.from(JSON.stringify(key.export({ format: 'jwk' })))],
  ];
}

/** What must never be seen in an answer. */
export const KEY_MATERIAL: readonly string[] = [
  SECRET,
  OLD_SECRET,
  ...[RS, ES, ED].map(({ privateKey }) => String(privateKey.export({ format: 'jwk' }).d)),
  'PRIVATE KEY',
  'PUBLIC KEY',
];
