import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { types } from 'node:util';
import { ConfigurationError } from '../../errors.js';
import type { KeyInput } from './key-option.js';

/** The private key, if one is given. Throws ConfigurationError. */
export function readPrivate(option: string, given: KeyInput | undefined): KeyObject | undefined {
  if (given === undefined) return undefined;
  const key = read(option, given, createPrivateKey);
  if (key.type === 'private') return key;
  throw new ConfigurationError(option, `it is a ${key.type} key`, 'Give the private one');
}

/**
 * The given public key, or the public half of the private one. Throws ConfigurationError if they do not belong
 * together.
 */
export function readPublic(option: string, given: KeyInput | undefined, privateKey: KeyObject | undefined): KeyObject {
  const own = privateKey && createPublicKey(privateKey);
  if (given === undefined) return own as KeyObject;
  if (isPrivate(given)) {
    throw new ConfigurationError(option, 'it is a private key', 'Give the public half, or name it `privateKey`');
  }
  const key = read(option, given, createPublicKey);
  if (!own || own.equals(key)) return key;
  throw new ConfigurationError(
    option,
    'it is not the public half of this `privateKey`',
    'Give its own public half, or leave it out',
  );
}

function isPrivate(given: KeyInput): boolean {
  if (types.isKeyObject(given)) return (given as KeyObject).type !== 'public';
  if (typeof given === 'string' || Buffer.isBuffer(given))
    return /-----BEGIN [A-Z ]*PRIVATE KEY/.test(given.toString());
  return Object.hasOwn(given, 'd');
}

function read(option: string, given: KeyInput, create: (input: { key: never; format: never }) => KeyObject): KeyObject {
  if (types.isKeyObject(given)) return given as KeyObject;
  const format = typeof given === 'string' || Buffer.isBuffer(given) ? 'pem' : 'jwk';
  try {
    return create({ key: given as never, format: format as never });
  } catch (cause) {
    const mend = 'Give an unencrypted PEM with its line breaks, a JWK, or a KeyObject';
    throw Object.assign(new ConfigurationError(option, `it is not a valid ${format.toUpperCase()} key`, mend), {
      cause,
    });
  }
}
