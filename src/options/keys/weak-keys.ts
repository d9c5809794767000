import { createHash, type KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2_048;
const MIN_RSA_EXPONENT = 65_537n;
/** 128 bits (ASVS 11.2.3), and two bytes that deflate adds of its own. */
const MIN_DEFLATED_BYTES = 18;

/** Secrets of documentation and tutorials that are long enough to pass for good ones. */
const PUBLISHED_SECRETS = [
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-384-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  // RFC 7515 appendix A.1.
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
];
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|do[-_ ]not[-_ ]use|\byour[-_ ].*(secret|key)/i;

/** RFC 7638 thumbprints of keys whose private half is printed for everybody to read. */
const PUBLISHED_KEYS: ReadonlySet<string> = new Set([
  'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', // RFC 7517 appendix A.2, RSA
  'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s', // RFC 7517 appendix A.2, P-256
  'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U', // RFC 7515 appendix A.3, P-256
  'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', // RFC 8037 appendix A, Ed25519
  'oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY', // the RS256 example of jwt.io
  '19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8', // the ES256 example of jwt.io
]);

/** What makes this secret a bad one (RFC 7518 section 3.2, RFC 8725 section 3.5), or undefined. */
export function weaknessOfSecret(secret: Buffer): string | undefined {
  const text = secret.toString();
  if (text.startsWith('-----BEGIN')) return 'it is a PEM, and a key that others may know';
  if (secret.length < MIN_SECRET_BYTES) return `it has ${secret.length} bytes, too few to resist guessing`;
  if (isPublished(secret)) return 'it is an example, known to everybody';
  if (PLACEHOLDER.test(text)) return 'it is a placeholder nobody replaced';
  if (deflateRawSync(secret).length < MIN_DEFLATED_BYTES) return 'it repeats itself, and is easy to guess';
  return undefined;
}

/** What makes this pair of keys a bad one, or undefined. */
export function weaknessOfKey(publicKey: KeyObject): string | undefined {
  const { modulusLength = MIN_RSA_BITS, publicExponent = MIN_RSA_EXPONENT } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS) return `it has ${modulusLength} bits, and RSA wants at least ${MIN_RSA_BITS}`;
  if (publicExponent < MIN_RSA_EXPONENT) return `its exponent is ${publicExponent}, and RSA wants 65537`;
  if (PUBLISHED_KEYS.has(thumbprintOf(publicKey))) return 'its private half is published, known to everybody';
  return undefined;
}

/** The name a public key has by its value alone (RFC 7638). */
export function thumbprintOf(publicKey: KeyObject): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
}

function isPublished(secret: Buffer): boolean {
  return PUBLISHED_SECRETS.some((text) =>
    [Buffer.from(text), Buffer.from(text, 'base64url')].some((known) => known.equals(secret)),
  );
}
