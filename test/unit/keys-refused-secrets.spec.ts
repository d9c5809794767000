import { describe, expect, it } from 'vitest';
import type { KeyOption } from '../../src/options/keys/key-option.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { ed25519, expectRefusal, jwk, OTHER, p256, pem, SECRET } from './key-material.js';

describe('a secret that refuses to boot', () => {
  const NEW_SECRET = 'Give at least 32 random bytes, for example from `openssl rand -base64 48`.';
  const NO_PAIR = `Put a key pair into \`keys\`, as \`privateKey\`; here ${NEW_SECRET.replace('Give', 'give')}`;
  const rfc7515 = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';

  it.each<[string, unknown, string, string, string]>([
    [
      'a secret that is a PEM',
      [{ secret: pem(p256.publicKey) }],
      'keys[0].secret',
      'it is a key of another kind (PEM, DER, JWK or OpenSSH), which others may know',
      NO_PAIR,
    ],
    [
      'a short secret',
      [{ secret: SECRET.slice(0, 31) }],
      'keys[0].secret',
      'it has 31 bytes, too few to resist guessing',
      NEW_SECRET,
    ],
    [
      'a secret of one letter',
      [{ secret: 'a'.repeat(64) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of zeros',
      [{ secret: Buffer.alloc(64) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of one word',
      [{ secret: 'supersecret'.repeat(4) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'a secret of digits',
      [{ secret: '1234567890'.repeat(4) }],
      'keys[0].secret',
      'it repeats itself, and is easy to guess',
      NEW_SECRET,
    ],
    [
      'the secret of jwt.io',
      [{ secret: 'a-string-secret-at-least-256-bits-long' }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'the secret of RFC 7515',
      [{ secret: Buffer.from(rfc7515, 'base64url') }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'that secret as text',
      [{ secret: rfc7515 }],
      'keys[0].secret',
      'it is an example, known to everybody',
      NEW_SECRET,
    ],
    [
      'the secret of the Nest docs',
      [{ secret: 'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE.' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
    [
      'a placeholder',
      [{ secret: 'your-super-secret-jwt-key-for-this-app' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
    [
      'another placeholder',
      [{ secret: 'please-change-this-before-production-1' }],
      'keys[0].secret',
      'it is a placeholder that was never replaced',
      NEW_SECRET,
    ],
  ])('for %s', (_, keys, option, problem, mend) => expectRefusal(keys, option, problem, mend));
});

describe('a list of keys that refuses to boot', () => {
  const secret = { secret: SECRET };
  const withKey = (key: object): KeyOption[] => [{ kid: 'a', ...key }, secret];

  it.each<[string, unknown, string, string, string]>([
    [
      'two names alike',
      [
        { kid: 'a', secret: SECRET },
        { kid: 'a', secret: OTHER },
      ],
      'keys[1].kid',
      "a second key has the name 'a'",
      'Give each key a name of its own.',
    ],
    [
      'two without a name',
      [{ secret: SECRET }, { secret: OTHER }],
      'keys[1].kid',
      'a second key has no `kid`',
      'Give each key a name of its own.',
    ],
    [
      'one secret twice',
      [
        { kid: 'a', secret: SECRET },
        { kid: 'b', secret: SECRET },
      ],
      'keys[1]',
      'the same key is listed before it',
      'List each key once; the two kinds of token need different keys.',
    ],
    [
      'one key for both kinds',
      withKey({ privateKey: p256.privateKey }).concat({ kid: 'b', use: 'refresh', privateKey: p256.privateKey }),
      'keys[2]',
      'the same key is listed before it',
      'List each key once; the two kinds of token need different keys.',
    ],
    [
      'none for refresh tokens',
      [{ kid: 'a', privateKey: p256.privateKey }],
      'keys',
      'none of them signs refresh tokens',
      'Add an entry `{ secret }`.',
    ],
    [
      'none for access tokens',
      [{ secret: SECRET, use: 'refresh' }],
      'keys',
      'none of them signs access tokens',
      'Add one that does.',
    ],
    [
      'a first one that cannot sign',
      [{ kid: 'a', publicKey: p256.publicKey }, secret],
      'keys[0]',
      'the first key for access tokens has to sign, and this one has no private half',
      'Put a key that signs before it.',
    ],
  ])('for %s', (_, keys, option, problem, mend) => expectRefusal(keys, option, problem, mend));

  it('for a secret beside a list', () => {
    expect(() => resolveOptions({ secret: SECRET, keys: [{ kid: 'a', secret: OTHER }] })).toThrow(
      'AuthModule option `secret`: there are `keys` too. Put it into `keys`, as an entry `{ secret }`.',
    );
  });

  it('and never for a good one', () => {
    const good: KeyOption[][] = [
      [{ kid: 'a', privateKey: p256.privateKey, publicKey: p256.publicKey, algorithm: 'ES256', use: 'access' }, secret],
      [
        { kid: 'a', secret: SECRET, use: 'access' },
        { secret: OTHER, use: 'refresh' },
      ],
      [{ kid: 'a.b_c~d-9', secret: 'zH9!kq2Lw7@Xp4Vn8#Rt6$Yb3%Mc5^Df' }],
      [{ secret: Buffer.from(jwk(ed25519.privateKey).d as string, 'base64url') }],
      [{ kid: 'a', secret: SECRET }, { secret: OTHER }],
    ];
    for (const keys of good) expect(() => resolveOptions({ keys })).not.toThrow();
  });
});
