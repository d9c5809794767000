import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { APP_GUARD } from '@nestjs/core';
import { JwtSessionGuard, type KeyOption } from 'nestjs-session-registry';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const old = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const keys: KeyOption[] = [{ kid: 'young', privateKey }, { kid: 'old', publicKey: old }, { secret: SECRET }];

describe.each(ADAPTERS)('the public keys over %s', (adapter) => {
  let app: TestApp;
  afterEach(() => app.close());

  const jwks = (path = '/.well-known/jwks.json') => app.client.call<{ keys: JsonWebKey[] }>('GET', path);

  it('let another service verify an access token, with what it finds there alone', async () => {
    app = await startApp({ adapter, options: { secret: undefined, keys } });
    const { access_token, refresh_token } = await app.client.signIn();
    const { body } = await jwks();
    const [header = '', payload = '', signature = ''] = access_token.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const key = body.keys.find((jwk) => jwk.kid === kid) as JsonWebKey;
    expect(key).toEqual({ kty: 'EC', crv: 'P-256', x: key.x, y: key.y, kid: 'young', alg: 'ES256', use: 'sig' });
    const publicKey = { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    // And they carry on being checked here.
    expect((await app.client.profile(access_token)).status).toBe(200);
    expect((await app.client.refresh(refresh_token)).status).toBe(200);
  });

  it('name retiring keys too, are open to all, and may be kept for five minutes', async () => {
    const guard = { provide: APP_GUARD, useClass: JwtSessionGuard };
    const imports = [{ module: class GuardModule {}, providers: [guard] }];
    app = await startApp({ adapter, imports, options: { secret: undefined, keys } });
    expect((await app.client.call('GET', '/sessions')).status).toBe(401);
    const { status, headers, body } = await jwks();
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body.keys.map(({ kid, alg }) => [kid, alg])).toEqual([
      ['young', 'ES256'],
      ['old', 'RS256'],
    ]);
  });

  it('do not exist if a secret signs', async () => {
    app = await startApp({ adapter });
    const { status, body } = await jwks();
    expect(status).toBe(404);
    expect(body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'There are no public keys: the access tokens of this service are signed with a secret',
      code: 'not_found',
    } satisfies ErrorBody);
  });

  it('lie beneath the prefix, and are left out with controllers that do not name them', async () => {
    app = await startApp({ adapter, options: { secret: undefined, keys, prefix: 'api' } });
    expect((await jwks('/api/.well-known/jwks.json')).status).toBe(200);
    await app.close();
    app = await startApp({ adapter, options: { secret: undefined, keys, controllers: ['tokens'] } });
    expect((await jwks()).status).toBe(404);
  });
});
