import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { expect } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { KeyOption } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';

export const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
export const OTHER = 'another test secret, which has more than thirty-two bytes too';
/** Key pairs of each kind that is taken, and of one that is not. */
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const otherP256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
export const ed25519 = generateKeyPairSync('ed25519');

export const pem = (key: KeyObject): string =>
  String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));

export const jwk = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });

/** These keys are refused at boot, by a sentence that names the option, what is wrong, and what to do. */
export function expectRefusal(keys: unknown, option: string, problem: string, mend: string): void {
  const boot = () => resolveOptions({ keys: keys as KeyOption[] });
  expect(boot).toThrow(ConfigurationError);
  expect(boot).toThrow(
    expect.objectContaining({ option, message: `AuthModule option \`${option}\`: ${problem}. ${mend}` }),
  );
}
