import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { ConfigurationError } from '../../errors.js';
import { oneOf, refuseUnknown } from '../option-readers.js';
import { readPrivate, readPublic } from './key-object.js';
import type { KeyAlgorithm, KeyMaterial, KeyOption, KeyUse, PublicKey, SecretKey } from './key-option.js';
import { isKeyOfPair } from './key-texts.js';
import { weaknessOfKey, weaknessOfSecret } from './weak-keys.js';

const KNOWN: Record<keyof KeyOption, true> = {
  kid: true,
  secret: true,
  privateKey: true,
  publicKey: true,
  algorithm: true,
  use: true,
};
const KID = /^[\w.~-]{1,64}$/;
const USES: readonly KeyUse[] = ['access', 'refresh'];
const NEW_SECRET = 'Give at least 32 random bytes, for example from `openssl rand -base64 48`';
const NO_PAIR =
  'Put a key pair into `keys`, as `privateKey`; here give at least 32 random bytes, for example from `openssl rand -base64 48`';
const NEW_KEY = 'Give an RSA key of at least 2,048 bits, or one on P-256 or Ed25519';

/** Reads one entry of the option `keys`. Throws ConfigurationError, naming `option`. */
export function readKey(option: string, given: KeyOption): KeyMaterial {
  refuseUnknown(`${option}.`, given, KNOWN);
  const { kid, secret, privateKey, publicKey } = given;
  if (kid !== undefined && !KID.test(String(kid))) {
    const mend = 'Use 1 to 64 letters, digits and `.` `_` `~` `-`';
    throw new ConfigurationError(`${option}.kid`, `${inspect(kid)} is not a valid name for a key`, mend);
  }
  const isSecret = secret !== undefined;
  if (isSecret === (privateKey !== undefined || publicKey !== undefined)) {
    const problem = isSecret ? 'it has both a `secret` and a key' : 'it has neither a `secret` nor a key';
    throw new ConfigurationError(
      option,
      problem,
      'Give a `secret`, or a `privateKey`, or a `publicKey` to verify with',
    );
  }
  return isSecret ? secretKey(option, given) : publicKeyPair(option, given);
}

/** A secret as bytes. Throws ConfigurationError for a missing or a weak one (RFC 7518 section 3.2). */
export function readSecret(option: string, given: unknown): Buffer {
  if (typeof given !== 'string' && !Buffer.isBuffer(given)) {
    const problem = given === undefined ? 'it is missing' : 'it is neither text nor a Buffer';
    throw new ConfigurationError(option, problem, NEW_SECRET);
  }
  const secret = Buffer.from(given as string);
  if (isKeyOfPair(secret)) {
    throw new ConfigurationError(
      option,
      'it is a key of another kind (PEM, DER, JWK or OpenSSH), which others may know',
      NO_PAIR,
    );
  }
  const weakness = weaknessOfSecret(secret);
  if (weakness === undefined) return secret;
  throw new ConfigurationError(option, weakness, NEW_SECRET);
}

function secretKey(option: string, given: KeyOption): SecretKey {
  const algorithm = pinned(option, given, 'HS256');
  const secret = readSecret(`${option}.secret`, given.secret);
  return { kid: given.kid, uses: given.use ? [readUse(option, given)] : USES, algorithm, secret };
}

function publicKeyPair(option: string, given: KeyOption): PublicKey {
  const { kid, use = 'access' } = given;
  if (kid === undefined) {
    throw new ConfigurationError(
      `${option}.kid`,
      'it is missing',
      'Name the key: its public half is published by name',
    );
  }
  const privateKey = readPrivate(`${option}.privateKey`, given.privateKey);
  const publicKey = readPublic(`${option}.publicKey`, given.publicKey, privateKey);
  const name = `${option}.${privateKey ? 'privateKey' : 'publicKey'}`;
  const algorithm = pinned(option, given, algorithmOf(name, publicKey));
  const weakness = weaknessOfKey(publicKey);
  if (weakness !== undefined) throw new ConfigurationError(name, weakness, NEW_KEY);
  return { kid, uses: [readUse(option, { ...given, use })], algorithm, publicKey, privateKey };
}

function readUse(option: string, { use = 'access' }: KeyOption): KeyUse {
  return oneOf(`${option}.use`, use, USES);
}

function pinned<T extends KeyAlgorithm>(option: string, { algorithm }: KeyOption, own: T): T {
  if (algorithm === undefined || algorithm === own) return own;
  throw new ConfigurationError(`${option}.algorithm`, `this key is for ${own}`, `Use '${own}', or another key`);
}

function algorithmOf(option: string, key: KeyObject): PublicKey['algorithm'] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa') return 'RS256';
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  throw new ConfigurationError(option, `no supported algorithm uses a key of ${details?.namedCurve ?? type}`, NEW_KEY);
}
