import { beforeEach, describe, expect, it } from 'vitest';
import type { TokenClaims } from '../../src/tokens/claims.js';
import { VerifiedTokens } from '../../src/tokens/verified-tokens.js';

const SIZE = 10_000;

let tokens: VerifiedTokens;
let verified: string[];

const verify = (token: string) => {
  verified.push(token);
  return { sub: token } as TokenClaims;
};

beforeEach(() => {
  tokens = new VerifiedTokens();
  verified = [];
});

describe('verified tokens', () => {
  it('are verified once, and say the same again', () => {
    const claims = tokens.claimsOf('a.b.c', verify);
    expect(tokens.claimsOf('a.b.c', verify)).toBe(claims);
    expect(verified).toEqual(['a.b.c']);
  });

  it('are known by every one of their characters', () => {
    tokens.claimsOf('a.b.c', verify);
    for (const other of ['a.b.d', 'a.b.c ', 'A.b.c', 'a.b', '']) tokens.claimsOf(other, verify);
    expect(verified).toEqual(['a.b.c', 'a.b.d', 'a.b.c ', 'A.b.c', 'a.b', '']);
  });

  it('are not what was refused: that is verified again, and refused again', () => {
    const refuse = () => {
      throw new Error('bad signature');
    };
    expect(() => tokens.claimsOf('a.b.c', refuse)).toThrow('bad signature');
    expect(() => tokens.claimsOf('a.b.c', refuse)).toThrow('bad signature');
  });

  it('are forgotten when twice as many came that fit, unless they were asked about meanwhile', () => {
    for (const token of ['used', 'unused']) tokens.claimsOf(token, verify);
    for (let count = 0; count < 3 * SIZE; count++) {
      tokens.claimsOf(`token ${count}`, verify);
      if (count % 100 === 0) tokens.claimsOf('used', verify);
    }
    verified = [];
    for (const token of ['used', 'unused']) tokens.claimsOf(token, verify);
    expect(verified).toEqual(['unused']);
  });
});
