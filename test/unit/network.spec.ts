import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { networkOf } from '../../src/sessions/network.js';

const group = fc.integer({ min: 0, max: 0xffff });
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });
const written = (parts: number[]) => parts.map((part) => part.toString(16)).join(':');

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:C000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::', '::/64'],
    ['::1', '::/64'],
    ['::192.0.2.7', '::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b::/64'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it.each([
    ['192.0.2.7:4711', '192.0.2.7'],
    ['[2001:db8::1]', '2001:db8::/64'],
    ['[2001:db8::1%eth0]:4711', '2001:db8::/64'],
  ])('does not change with the port some proxies add: %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it.each([
    undefined,
    null,
    '',
    'unknown',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.07',
    '2001:db8::1::2',
    '1:2:3:4:5:6:7',
    '2001:db8::1/64',
    ' 192.0.2.7',
    '192.0.2.7, 198.51.100.1',
    '[]',
    '%eth0',
    `fe80::1%${'x'.repeat(100)}`,
    ['192.0.2.7'] as unknown as string,
    { toString: 1 } as unknown as string,
  ])('of what is no address is unknown: %j', (ip) => {
    expect(networkOf(ip)).toBe('unknown');
  });

  it('is the same for all addresses of a /64, and for no other', () => {
    fc.assert(
      fc.property(groups(4), groups(4), groups(4), groups(4), (net, host, otherNet, otherHost) => {
        // An IPv4 address in IPv6 is another matter.
        fc.pre([net, otherNet].every(([first]) => first !== 0));
        const [one, same, other] = [
          [net, host],
          [net, otherHost],
          [otherNet, host],
        ].map((parts) => networkOf(written(parts.flat())));
        expect(same).toBe(one);
        expect(other === one).toBe(written(net) === written(otherNet));
      }),
    );
  });

  it('is the same however an address is written', () => {
    fc.assert(
      fc.property(groups(8), fc.constantFrom('', '%1', '%eth0'), (parts, zone) => {
        const long = parts.map((part) => part.toString(16).padStart(4, '0').toUpperCase()).join(':');
        expect(networkOf(long + zone)).toBe(networkOf(written(parts)));
      }),
    );
  });

  it('is short and never empty, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV6(), fc.ipV4(), fc.anything()), (given) => {
        const network = networkOf(given as string);
        expect(network).toMatch(/^(unknown|[\d.]{7,15}|[\da-f:]{2,21}\/64)$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
