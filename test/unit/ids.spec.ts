import { describe, expect, it } from 'vitest';
import { newGuid, newRefTokID } from '../../src/sessions/ids.js';

/** Of ids with no more than 32 random bits, one would come again almost surely. */
const MANY = 250_000;
const UUID_V4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const BITS_OF_16_BYTES = /^[\w-]{21}[AQgw]$/;

describe.each([
  ['guid', newGuid, UUID_V4],
  ['refTokID', newRefTokID, BITS_OF_16_BYTES],
] as const)('a %s (R13, ASVS 7.2.3)', (_, create, form) => {
  it('is a random one of its full length', () => {
    for (let n = 0; n < 1_000; n++) expect(create()).toMatch(form);
  });

  it(`does not come again in ${MANY}`, () => {
    const seen = new Set<string>();
    for (let n = 0; n < MANY; n++) seen.add(create());
    expect(seen.size).toBe(MANY);
  });

  it('has every one of its bits free to be 0 or 1', () => {
    const samples = Array.from({ length: 2_000 }, () => bytesOf(create()));
    const ones = samples[0]?.map((_byte, at) => samples.reduce((bits, bytes) => bits | (bytes[at] ?? 0), 0));
    const zeros = samples[0]?.map((_byte, at) => samples.reduce((bits, bytes) => bits & (bytes[at] ?? 0), 0xff));
    const free = (ones ?? []).reduce((sum, byte, at) => sum + bitsOf(byte & ~(zeros?.[at] ?? 0)), 0);
    // A UUID spends six of its 128 bits on saying that it is one.
    expect(free).toBe(create === newGuid ? 122 : 128);
  });
});

function bytesOf(id: string): number[] {
  return [
    ...(id.includes('-') && id.length === 36
      ? Buffer.from(id.replaceAll('-', ''), 'hex')
      : Buffer.from(id, 'base64url')),
  ];
}

function bitsOf(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
