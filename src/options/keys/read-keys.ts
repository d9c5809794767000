import { ConfigurationError } from '../../errors.js';
import type { KeyMaterial, KeyOption, KeySettings, KeyUse } from './key-option.js';
import { readKey, readSecret } from './read-key.js';

const USES: readonly KeyUse[] = ['access', 'refresh'];

/** The keys of the options `secret` and `keys`, each validated, and all of them together. Throws ConfigurationError. */
export function readKeys({ secret, keys: given }: KeySettings): readonly KeyMaterial[] {
  if (given === undefined)
    return [{ kid: undefined, uses: USES, algorithm: 'HS256', secret: readSecret('secret', secret) }];
  if (secret !== undefined) {
    throw new ConfigurationError('secret', 'there are `keys` too', 'Put it into `keys`, as an entry `{ secret }`');
  }
  if (!Array.isArray(given) || given.length === 0) {
    throw new ConfigurationError(
      'keys',
      'it is not a list of keys, or the list is empty',
      'Give a list such as `[{ kid, secret }]`',
    );
  }
  const keys = (given as readonly KeyOption[]).map((key, at) => readKey(`keys[${at}]`, key));
  for (const [at, key] of keys.entries()) refuseTwins(key, at, keys);
  for (const use of USES) refuseUnsigned(use, keys);
  return Object.freeze(keys);
}

function refuseTwins(key: KeyMaterial, at: number, keys: readonly KeyMaterial[]): void {
  for (const earlier of keys.slice(0, at)) {
    if (key.kid === earlier.kid && key.uses.some((use) => earlier.uses.includes(use))) {
      const problem = key.kid === undefined ? 'a second key has no `kid`' : `a second key has the name '${key.kid}'`;
      throw new ConfigurationError(`keys[${at}].kid`, problem, 'Give each key a name of its own');
    }
    if (isSameKey(key, earlier)) {
      const mend = 'List each key once; the two kinds of token need different keys';
      throw new ConfigurationError(`keys[${at}]`, 'the same key is listed before it', mend);
    }
  }
}

/** Whether two keys are the same secret, or halves of the same pair. */
export function isSameKey(one: KeyMaterial, other: KeyMaterial): boolean {
  if ('secret' in one) return 'secret' in other && one.secret.equals(other.secret);
  return 'publicKey' in other && one.publicKey.equals(other.publicKey);
}

function refuseUnsigned(use: KeyUse, keys: readonly KeyMaterial[]): void {
  const first = keys.findIndex(({ uses }) => uses.includes(use));
  if (first < 0) {
    const mend = use === 'refresh' ? 'Add an entry `{ secret }`' : 'Add one that does';
    throw new ConfigurationError('keys', `none of them signs ${use} tokens`, mend);
  }
  const key = keys[first] as KeyMaterial;
  if ('secret' in key || key.privateKey) return;
  const problem = `the first key for ${use} tokens has to sign, and this one has no private half`;
  throw new ConfigurationError(`keys[${first}]`, problem, 'Put a key that signs before it');
}
