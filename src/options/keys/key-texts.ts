import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

/** How many encodings are removed: the Base64 of a PEM, and the Base64 of that. */
const MAX_DEPTH = 2;
const PEM = /-----BEGIN|BEGIN [A-Z\d ]*(?:KEY|CERTIFICATE)\b/;
/**
 * A line of OpenSSH: the type of the key, and the Base64 of its bytes, which begin with the type (RFC 4253 section
 * 6.6).
 */
const OPENSSH = /(?:^|\s)(?:ssh-|ecdsa-|sk-)\S+\s+AAAA|^\s*AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh|[GI]nNr)/;
const JWK = /"kty"\s*:/;
const BASE64 = /^[\w+/-]+={0,2}$/;
const HEX = /^(?:[\da-f]{2})+$/i;
const SEQUENCE = 0x30;

/**
 * Whether a secret is either half of a key pair, as text or bytes: PEM, DER, a certificate, a JWK, OpenSSH, also in
 * Base64 or in hexadecimal digits. The public half is known to others, so anybody could sign with it (RFC 8725 section
 * 2.1).
 */
export function isKeyOfPair(secret: Buffer, depth = 0): boolean {
  // Reads the text whatever a file begins with, ends with and is encoded in: a byte order mark, blanks, UTF-16.
  const text = secret.toString().replace(/[\0\ufeff]/g, '');
  if ([PEM, OPENSSH, JWK].some((form) => form.test(text)) || isDer(secret)) return true;
  return depth < MAX_DEPTH && unwrapped(text).some((inner) => isKeyOfPair(inner, depth + 1));
}

/** What a text decodes to if it is Base64 or hexadecimal digits, however its lines are broken or quoted. */
export function unwrapped(text: string): Buffer[] {
  const plain = text.replace(/["'\s]|\\n/g, '');
  return [
    ...(BASE64.test(plain) ? [Buffer.from(plain, 'base64')] : []),
    ...(HEX.test(plain) ? [Buffer.from(plain, 'hex')] : []),
  ];
}

/** Whether these are the bytes of a key or a certificate in DER; tested only if they begin like one. */
function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== SEQUENCE) return false;
  return DER_READERS.some((read) => {
    try {
      read(bytes);
      return true;
    } catch {
      return false;
    }
  });
}

const DER_READERS: readonly ((key: Buffer) => unknown)[] = [
  (key) => createPublicKey({ key, format: 'der', type: 'spki' }),
  (key) => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  (key) => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
  (key) => createPrivateKey({ key, format: 'der', type: 'sec1' }),
  (key) => new X509Certificate(key),
];
