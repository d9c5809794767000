import { describe, expect, it } from 'vitest';
import { bearerTokenOf, clientInfoOf } from '../../src/auth/request-info.js';

const withAuthorization = (authorization: string | string[] | undefined) => ({ headers: { authorization } });

describe('the bearer token of a request', () => {
  it.each([
    ['Bearer abc.def.ghi', 'abc.def.ghi'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['Bearer   abc', 'abc'],
    ['Bearer a b', 'a b'],
    ['Bearer abc, Bearer def', 'abc, Bearer def'],
    ['Bearer  ', ''],
  ])('in %j is %j', (header, token) => {
    expect(bearerTokenOf(withAuthorization(header))).toBe(token);
  });

  it.each(['', 'Bearer', 'BearerX abc', 'Basic abc', 'abc', ' Bearer abc', 'Bearer\tabc', 'Token Bearer abc'])(
    'is not there in %j',
    (header) => {
      expect(bearerTokenOf(withAuthorization(header))).toBeUndefined();
    },
  );

  it('is not there without a header, without headers and without a request', () => {
    expect(bearerTokenOf(withAuthorization(undefined))).toBeUndefined();
    expect(bearerTokenOf({ headers: {} })).toBeUndefined();
    expect(bearerTokenOf({})).toBeUndefined();
    expect(bearerTokenOf()).toBeUndefined();
  });

  it('is taken from the first header if a framework gives several', () => {
    expect(bearerTokenOf(withAuthorization(['Bearer first', 'Bearer second']))).toBe('first');
    expect(bearerTokenOf(withAuthorization([]))).toBeUndefined();
  });
});

describe('the client of a request', () => {
  it('is named by its User-Agent and its address', () => {
    expect(clientInfoOf({ ip: '192.0.2.1', headers: { 'user-agent': 'curl/8.9.1' } })).toEqual({
      userAgent: 'curl/8.9.1',
      ip: '192.0.2.1',
    });
  });

  it('is unknown if the request does not tell', () => {
    const nobody = { userAgent: null, ip: null };
    expect(clientInfoOf({ headers: {} })).toEqual(nobody);
    expect(clientInfoOf({ ip: '', headers: { 'user-agent': ' ' } })).toEqual(nobody);
    expect(clientInfoOf({})).toEqual(nobody);
    expect(clientInfoOf()).toEqual(nobody);
  });

  it('is not believed about its address: no header of it counts', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    expect(clientInfoOf({ ip: '192.0.2.1', headers })).toMatchObject({ ip: '192.0.2.1' });
  });

  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['203.0.113.7:61598', '203.0.113.7'],
    ['[2001:DB8::7]:443', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:0db8:0:0:0:0:0:7', '2001:db8::7'],
    ['192.0.2.999:80', '192.0.2.999:80'],
    ['unknown', 'unknown'],
  ])('has the plain address of %s: %s', (given, plain) => {
    expect(clientInfoOf({ ip: given }).ip).toBe(plain);
  });

  it('is bounded and clean', () => {
    const request = { ip: `${'f'.repeat(100)}`, headers: { 'user-agent': `\0evil\r\n${'x'.repeat(65_536)}` } };
    const { userAgent, ip } = clientInfoOf(request);
    expect(userAgent).toMatch(/^evil x{507}$/);
    expect(ip).toBe('f'.repeat(45));
  });

  it('is taken from the first User-Agent if a framework gives several', () => {
    expect(clientInfoOf({ headers: { 'user-agent': ['first', 'second'] } }).userAgent).toBe('first');
  });
});
