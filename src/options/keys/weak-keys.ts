import { createHash, type KeyObject } from 'node:crypto';
import { unwrapped } from './key-texts.js';
import { drawnBits, guessedBits, periodOf } from './secret-worth.js';

const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2_048;
const MIN_RSA_EXPONENT = 65_537n;
/** The fewest bits a secret must have (ASVS 11.2.3). */
const MIN_BITS = 128;
/** A random secret keeps more bits than this, whatever sequences it contains by chance. */
const KEPT = 0.75;

/** Secrets from documentation and tutorials that are long enough to look like good ones. */
const PUBLISHED_SECRETS = [
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-384-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  // RFC 7515 appendix A.1.
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
];
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|do[-_ ]not[-_ ]use|\byour[-_ ].*(secret|key)/i;

/** RFC 7638 thumbprints of keys whose private half is published. */
const PUBLISHED_KEYS: ReadonlySet<string> = new Set([
  'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', // RFC 7517 appendix A.2, RSA
  'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s', // RFC 7517 appendix A.2, P-256
  'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U', // RFC 7515 appendix A.3, P-256
  'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', // RFC 8037 appendix A, Ed25519
  'oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY', // the RS256 example of jwt.io
  '19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8', // the ES256 example of jwt.io
]);

/** Why this secret is weak (RFC 7518 section 3.2, RFC 8725 section 3.5), or undefined. */
export function weaknessOfSecret(secret: Buffer): string | undefined {
  const text = secret.toString();
  if (secret.length < MIN_SECRET_BYTES) return `it has ${secret.length} bytes, too few to resist guessing`;
  if (isPublished(secret)) return 'it is an example, known to everybody';
  if (PLACEHOLDER.test(text)) return 'it is a placeholder that was never replaced';
  if (isRepetition(secret)) return 'it repeats itself, and is easy to guess';
  // A sequence is still a sequence in Base64 or hexadecimal digits.
  if ([secret, ...unwrapped(text)].some(isMadeUp)) {
    return 'it is made of sequences or repeated pieces, and is easy to guess';
  }
  const bits = Math.floor(drawnBits(secret));
  if (bits < MIN_BITS) return `its characters are worth ${bits} bits at most, but ${MIN_BITS} are needed`;
  return undefined;
}

/** Whether it repeats a shorter secret that is too short by itself. */
function isRepetition(secret: Buffer): boolean {
  const period = periodOf(secret);
  return period * 2 <= secret.length && period < MIN_SECRET_BYTES;
}

function isMadeUp(secret: Buffer): boolean {
  if (secret.length * 8 < MIN_BITS) return false;
  const bits = guessedBits(secret, MIN_BITS);
  return bits < MIN_BITS && bits < KEPT * drawnBits(secret);
}

/** Why this key pair is weak, or undefined. */
export function weaknessOfKey(publicKey: KeyObject): string | undefined {
  const { modulusLength = MIN_RSA_BITS, publicExponent = MIN_RSA_EXPONENT } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS) return `it has ${modulusLength} bits, but RSA needs at least ${MIN_RSA_BITS}`;
  if (publicExponent < MIN_RSA_EXPONENT) return `its exponent is ${publicExponent}, but RSA needs 65537`;
  if (PUBLISHED_KEYS.has(thumbprintOf(publicKey))) return 'its private half is published and known to everybody';
  return undefined;
}

/** The name of a public key that depends only on its value (RFC 7638). */
export function thumbprintOf(publicKey: KeyObject): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
}

function isPublished(secret: Buffer): boolean {
  // A file may begin with a byte order mark and end with a line break.
  const given = [secret, Buffer.from(secret.toString().trim())];
  return PUBLISHED_SECRETS.some((text) =>
    [Buffer.from(text), Buffer.from(text, 'base64url')].some((known) => given.some((one) => known.equals(one))),
  );
}
