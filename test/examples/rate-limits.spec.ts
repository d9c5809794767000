import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS } from '../support/app.js';
import { type Answer, Client, type ErrorBody } from '../support/client.js';
import { MINUTE, SECOND } from '../support/times.js';
import { hangUp, type LimitedApp, startLimitedApp } from './limited-app.js';

const LONG = process.env.EXAMPLES === 'long';
const WINDOW = 5 * MINUTE;
/** How many of a /64 somebody goes through. */
const ADDRESSES = LONG ? 1_024 : 150;
/** Where others write addresses. */
const HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip'];
const UNKNOWN_GUID = '00000000-0000-4000-8000-000000000000';

let app: LimitedApp;
let client: Client;

const signIn = (password: string, headers: Record<string, string> = {}, username = 'demo') =>
  client.call<TokenPair & ErrorBody>('POST', '/auth/login', { body: { username, password }, headers });
const guess = (headers?: Record<string, string>, username?: string) => signIn('wrong password', headers, username);
const succeed = (headers?: Record<string, string>) => signIn('demo-password', headers);
const from = (address: string) => ({ 'x-forwarded-for': address });
const revoke = (token: string, guid = UNKNOWN_GUID) => client.call('DELETE', `/sessions/${guid}`, { token });

/** How many attempts in a row got each status: `{ 401: 20, 429: 5 }`. */
async function statuses(count: number, attempt: (n: number) => Promise<Answer>): Promise<Record<number, number>> {
  const found: Record<number, number> = {};
  for (let n = 0; n < count; n++) {
    const { status } = await attempt(n);
    found[status] = (found[status] ?? 0) + 1;
  }
  return found;
}

function expectTooMany({ status, headers, body }: Answer, seconds: number): void {
  expect(status).toBe(429);
  expect(headers.get('retry-after')).toBe(String(seconds));
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    statusCode: 429,
    error: 'Too Many Requests',
    message: expect.stringMatching(/^Too many attempts/),
    code: 'too_many_requests',
  });
}

/** A token of the same session with a signature that is wrong. */
function forged(token: string, n: number): string {
  const [header, payload] = token.split('.');
  return `${header}.${payload}.${Buffer.from(`signature ${n}`).toString('base64url')}`;
}

const start = (variables: Record<string, string>) => async () => {
  app = await startLimitedApp(variables);
  client = new Client(app.url);
};
const nextWindow = () => app.advance(WINDOW);
const stop = () => app.stop();

describe.each(ADAPTERS)('attempts that fail, on %s', (HTTP_ADAPTER) => {
  /** What is counted by one budget more; how an answer is seen, and whose it is, is what differs between the two. */
  const onOne = LONG || HTTP_ADAPTER === 'express' ? it : undefined;

  beforeAll(start({ HTTP_ADAPTER }));
  beforeEach(nextWindow);
  afterAll(stop);

  it('are refused from the 101st wrong password on, until five minutes are over', async () => {
    expect(await statuses(100, () => guess())).toEqual({ 401: 100 });
    await app.advance(SECOND);
    expectTooMany(await guess(), 299);
    expectTooMany(await succeed(), 299);
    await app.advance(WINDOW - SECOND);
    expect((await succeed()).status).toBe(200);
    expect((await guess()).status).toBe(401);
  });

  onOne?.('count for an account however its name is written, and for no other', async () => {
    const names = ['demo', 'DEMO', ' Demo ', 'ｄｅｍｏ'];
    expect(await statuses(100, (n) => guess({}, names[n % 4]))).toEqual({ 401: 100 });
    expect(await statuses(4, (n) => guess({}, names[n]))).toEqual({ 429: 4 });
    const ada = { username: 'ada', password: 'ada-password' };
    await client.call('POST', '/users', { body: ada });
    expect((await client.login('ada')).status).toBe(200);
  });

  it.each(LONG || HTTP_ADAPTER === 'express' ? HEADERS : HEADERS.slice(0, 1))(
    'count for the connection, whatever %s says',
    async (header) => {
      const value = (n: number) => (header === 'forwarded' ? `for=198.51.100.${n}` : `198.51.100.${n}`);
      expect(await statuses(103, (n) => guess({ [header]: value(n) }))).toEqual({ 401: 100, 429: 3 });
    },
  );

  it('are bounded when they are made at once: the 100, and the 200 that may be under way', async () => {
    const answers = await Promise.all(Array.from({ length: 400 }, () => guess()));
    const guesses = answers.filter(({ status }) => status === 401).length;
    expect(guesses).toBeGreaterThanOrEqual(100);
    expect(guesses).toBeLessThan(300);
    expectTooMany(await guess(), 300);
  });

  it('count when the client hangs up before the answer', async () => {
    const slow = { username: 'slow', password: 'slow-password' };
    await client.call('POST', '/users', { body: slow });
    await statuses(90, () => client.call('POST', '/auth/login', { body: { username: slow.username } }));
    await Promise.all(Array.from({ length: 10 }, () => hangUp(app.url, slow.username)));
    let status = 200;
    for (let tries = 0; status === 200 && tries < 100; tries++) ({ status } = await client.login(slow.username));
    expect(status).toBe(429);
  });

  onOne?.('count for the network where they name no account', async () => {
    const malformed = () => client.call('POST', '/auth/login', { body: { password: 'x' } });
    expect(await statuses(1_000, malformed)).toEqual({ 400: 1_000 });
    expectTooMany(await succeed(), 300);
    expect((await client.refresh('garbage')).status).toBe(401);
  });

  onOne?.(
    'are refused for one session from the 1,001st forged refresh token on, and for no other session',
    async () => {
      const [one, other] = [(await succeed()).body, (await succeed()).body];
      expect(await statuses(1_003, (n) => client.refresh(forged(one.refresh_token, n)))).toEqual({
        401: 1_000,
        429: 3,
      });
      expect((await client.refresh(one.refresh_token)).status).toBe(429);
      expect((await client.refresh(other.refresh_token)).status).toBe(200);
      await nextWindow();
      expect((await client.refresh(one.refresh_token)).status).toBe(200);
    },
  );

  onOne?.('are refused for one session from the 1,001st sign-out of nothing on', async () => {
    const [one, other] = [(await succeed()).body, (await succeed()).body];
    expect(await statuses(1_000, () => revoke(one.access_token))).toEqual({ 404: 1_000 });
    expectTooMany(await revoke(one.access_token), 300);
    expectTooMany(await client.call('DELETE', '/sessions', { token: one.access_token }), 300);
    expectTooMany(await client.logout({ token: one.access_token }), 300);
    expect((await client.profile(one.access_token)).status).toBe(200);
    expect((await revoke(other.access_token, one.session.guid)).status).toBe(204);
  });

  onOne?.('are refused for sign-outs with tokens that cannot be verified', async () => {
    const { access_token, refresh_token } = (await succeed()).body;
    const attempt = (n: number) =>
      n % 2 ? client.logout({ body: { refresh_token: forged(refresh_token, n) } }) : revoke(forged(access_token, n));
    expect(await statuses(1_003, attempt)).toEqual({ 401: 1_000, 429: 3 });
    expect((await client.logout({ token: 'garbage' })).status).toBe(401);
  });

  it('are refused from the 301st sign-up on, whether it makes an account or finds the name taken', async () => {
    const signUp = (username: string) =>
      client.call('POST', '/users', { body: { username, password: `${username}-password` } });
    expect(await statuses(5, () => signUp(''))).toEqual({ 400: 5 });
    expect(await statuses(2, (n) => signUp(`new-${n}`))).toEqual({ 201: 2 });
    expect(await statuses(298, () => signUp('demo'))).toEqual({ 409: 298 });
    expectTooMany(await signUp('new-3'), 300);
    expect((await succeed()).status).toBe(200);
    await nextWindow();
    expect((await signUp('new-3')).status).toBe(201);
  });

  onOne?.('leave everything else alone', async () => {
    const { access_token } = (await succeed()).body;
    await statuses(1_001, () => revoke(access_token));
    expect(await statuses(1_100, () => client.profile('garbage'))).toEqual({ 401: 1_100 });
    expect((await client.list(access_token)).status).toBe(200);
  });
});

describe.each(ADAPTERS)('attempts that succeed, on %s', (HTTP_ADAPTER) => {
  const onOne = LONG || HTTP_ADAPTER === 'express' ? it : undefined;

  beforeAll(start({ HTTP_ADAPTER }));
  afterAll(stop);

  it('are not limited: 100 sign-ins at once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => succeed()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  });

  onOne?.('are not limited: 300 renewals of one session, and 50 at once', async () => {
    let pair: TokenPair = (await succeed()).body;
    const renew = async () => {
      const answer = await client.refresh(pair.refresh_token);
      pair = answer.body;
      return answer;
    };
    expect(await statuses(300, renew)).toEqual({ 200: 300 });
    const { refresh_token } = pair;
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.refresh(refresh_token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
  });

  onOne?.('are not limited: 150 sign-outs of one session', async () => {
    const { access_token } = (await succeed()).body;
    expect(await statuses(150, () => client.logout({ token: access_token }))).toEqual({ 204: 150 });
  });

  it('carry no header about what is left', async () => {
    const { status, headers } = await succeed();
    expect(status).toBe(200);
    expect([...headers.keys()].filter((name) => /rate|retry/.test(name))).toEqual([]);
  });
});

describe.each(ADAPTERS)('attempts through a proxy that is trusted, on %s', (HTTP_ADAPTER) => {
  beforeAll(start({ HTTP_ADAPTER, TRUST_PROXY: 'loopback' }));
  beforeEach(nextWindow);
  afterAll(stop);

  const inNet = (net: string, n: number) => from(`2001:db8:0:${net}::${n.toString(16)}`);

  it('count for the network of the client, which all addresses of a /64 share', async () => {
    expect(await statuses(ADDRESSES, (n) => guess(inNet('1', n)))).toEqual({ 401: 100, 429: ADDRESSES - 100 });
    expect((await guess(inNet('2', 1))).status).toBe(401);
    expect((await succeed(from('192.0.2.1'))).status).toBe(200);
  });

  it('count for an IPv4 address, also in IPv6', async () => {
    const forms = ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:c000:207'];
    expect(await statuses(101, (n) => guess(from(forms[n % 3] ?? '')))).toEqual({ 401: 100, 429: 1 });
    expect((await guess(from('::ffff:192.0.2.8'))).status).toBe(401);
  });

  it('count for the address the proxy wrote, whatever stood before it', async () => {
    expect(await statuses(101, (n) => guess(from(`198.51.100.${n}, 192.0.2.9`)))).toEqual({ 401: 100, 429: 1 });
  });

  it('count as one where the proxy writes no addresses', async () => {
    expect(await statuses(101, (n) => guess(from(`hidden-${n}`)))).toEqual({ 401: 100, 429: 1 });
  });
});

describe.each(ADAPTERS)('attempts through one proxy, which is all that is known of it, on %s', (HTTP_ADAPTER) => {
  beforeAll(start({ HTTP_ADAPTER, TRUST_PROXY: '1' }));
  afterAll(stop);

  it('count for the address that one wrote', async () => {
    expect(await statuses(101, (n) => guess(from(`198.51.100.${n}, 192.0.2.9`)))).toEqual({ 401: 100, 429: 1 });
    expect((await guess(from('192.0.2.9, 192.0.2.10'))).status).toBe(401);
  });
});
