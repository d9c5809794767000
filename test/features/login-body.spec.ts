import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Injectable, UnauthorizedException, UnprocessableEntityException } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type {
  AuthModuleOptions,
  AuthRequest,
  AuthUser,
  AuthUsers,
  BodySchema,
  TokenPair,
} from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { watchRefusals } from '../support/browser.js';
import { sessionRows } from '../support/sqlite-file.js';

class LoginBody {
  @Transform(({ value }: { value: string }) => value.trim().toLowerCase())
  @IsEmail()
  email!: string;

  @IsString()
  @MaxLength(1024)
  password!: string;

  @IsOptional()
  @IsString()
  @Length(6, 6)
  code?: string;

  @IsOptional()
  @IsObject()
  captcha?: object;
}

/** What the class of the app was asked, with the address of the request. */
let asked: { body: unknown; ip: string | undefined }[] = [];

@Injectable()
class EmailUsers implements AuthUsers<AuthUser, LoginBody> {
  validateCredentials(body: LoginBody, request: AuthRequest): AuthUser | null {
    asked.push({ body, ip: request?.ip });
    if (body.password !== 'right') return null;
    if (body.code === undefined) throw new UnauthorizedException({ statusCode: 401, code: 'code_required' });
    return body.code === '123456' ? { id: body.email } : null;
  }

  isActive(): boolean {
    return true;
  }
}

/** A schema like those of zod, by hand: an email and a password, and a nested captcha. */
const SCHEMA: BodySchema = {
  '~standard': {
    version: 1,
    validate: async (value) => {
      const { email, password, captcha } = (value ?? {}) as Record<string, unknown>;
      const issues = [
        ...(typeof email === 'string' ? [] : [{ message: 'Expected an email', path: ['email'] }]),
        ...(typeof password === 'string' ? [] : [{ message: 'Expected a password', path: [{ key: 'password' }] }]),
      ];
      if (captcha === 'fails') throw new RangeError('Maximum call stack size exceeded');
      if (captcha === 'busy') throw new UnprocessableEntityException({ statusCode: 422, code: 'captcha_busy' });
      if (captcha === 'number') return { value: 7 };
      return issues.length > 0 ? { issues } : { value: { email, password, code: '123456', captcha } };
    },
  },
};

const RIGHT = { email: 'Ada@Example.com ', password: 'right', code: '123456' };
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe.each(ADAPTERS)('a sign-in with a body of the app (%s)', (adapter) => {
  let app: TestApp;
  let reasons: string[];

  beforeAll(async () => {
    app = await startApp({ adapter, options: { users: EmailUsers, loginBody: LoginBody } });
    reasons = watchRefusals(app);
  });
  beforeEach(() => {
    asked = [];
    reasons.length = 0;
  });
  afterAll(() => app.close());

  const login = <T = ErrorBody>(body: unknown) => app.client.call<T>('POST', '/auth/login', { body });

  it('gives the users class the whole body, as its own class made it, and the request', async () => {
    const { status, body } = await login<TokenPair>({ ...RIGHT, deviceName: 'Kitchen', admin: true });
    expect([status, body.session.name]).toEqual([200, 'Kitchen']);
    expect(asked).toEqual([{ body: { email: 'ada@example.com', password: 'right', code: '123456' }, ip: '127.0.0.1' }]);
    expect(asked[0]?.body).toBeInstanceOf(LoginBody);
    expect((await app.client.profile(body.access_token)).body.userId).toBe('ada@example.com');
    expect((await app.client.refresh(body.refresh_token)).status).toBe(200);
  });

  it('gives it what is within a member, too', async () => {
    const captcha = { answers: [{ tile: 4 }, { tile: 7 }] };
    expect((await login({ ...RIGHT, captcha })).status).toBe(200);
    expect(asked).toMatchObject([{ body: { captcha } }]);
  });

  it('is refused as wrong credentials, or as the app answers itself', async () => {
    expect(await login({ ...RIGHT, password: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    });
    expect(reasons).toEqual(['wrong_password']);
    const { code: _, ...without } = RIGHT;
    expect(await login(without)).toMatchObject({ status: 401, body: { code: 'code_required' } });
  });

  it.each<[string, unknown, RegExp]>([
    ['the body of another app', { username: 'ada', password: 'right' }, /^email is missing$/],
    ['no email', { password: 'right' }, /^email is missing$/],
    ['an email that is none', { ...RIGHT, email: 'ada' }, /^email must be an email$/],
    ['an email that its transformation fails on', { ...RIGHT, email: 7 }, /^the body cannot be read$/],
    ['an email that is a list', { ...RIGHT, email: ['ada@example.com'] }, /^the body cannot be read$/],
    ['an email that is an object', { ...RIGHT, email: { trim: 1 } }, /^the body cannot be read$/],
    ['a password that is a list', { ...RIGHT, password: ['right'] }, /password must be/],
    ['a password of 2,000 characters', { ...RIGHT, password: 'x'.repeat(2000) }, /password must be shorter/],
    ['a code of five digits', { ...RIGHT, code: '12345' }, /code must be longer/],
    ['a deviceName that is a number', { ...RIGHT, deviceName: 7 }, /^deviceName must be a string$/],
    ['a list', [RIGHT], /./],
    ['an empty object', {}, /./],
    ['5,000 levels', `{"email":"ada@example.com","password":${nested(5000)}}`, /^the body cannot be read$/],
    ['5,000 levels beside', `{"a":${nested(5000)}}`, /./],
  ])('is 400 for %s, and nobody is asked', async (_, body, message) => {
    const answer = await login(body);
    expect([answer.status, answer.body.code, reasons]).toEqual([400, 'invalid_request', ['malformed_request']]);
    expect(answer.body.message).toMatch(message);
    expect(asked).toEqual([]);
  });

  // Fastify refuses some of these itself.
  it.each([
    `{"__proto__":${JSON.stringify(RIGHT)}}`,
    '{"constructor":{"prototype":{"email":"ada@example.com"}}}',
    '{"email":"ada@example.com","password":',
  ])('is 400 for %s', async (body) => {
    expect((await login(body)).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it('is 400 without a body', async () => {
    const answer = await app.client.call<ErrorBody>('POST', '/auth/login');
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it('is possible from code, with a body or with a name and a password', async () => {
    const pair = await app.auth.loginWithBody({ ...RIGHT, email: 'bob' }, undefined, { deviceName: 'Script' });
    expect(pair.session.name).toBe('Script');
    const named = { username: 'bob', password: 'right', code: '123456', email: 'bob' };
    await app.auth.loginWithPassword(named, { ip: '192.0.2.7' });
    expect(asked).toEqual([
      { body: { ...RIGHT, email: 'bob' }, ip: undefined },
      { body: named, ip: '192.0.2.7' },
    ]);
  });
});

describe('a sign-in with a schema', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ options: { users: EmailUsers, loginBody: SCHEMA } });
  });
  afterAll(() => app.close());

  it('gives the users class what the schema made of the body', async () => {
    asked = [];
    const body = { email: 'ada', password: 'right', captcha: { token: ['t'] }, deviceName: 'TV' };
    const answer = await app.client.call<TokenPair>('POST', '/auth/login', { body });
    expect([answer.status, answer.body.session.name]).toEqual([200, 'TV']);
    expect(asked[0]?.body).toEqual({ email: 'ada', password: 'right', code: '123456', captcha: { token: ['t'] } });
  });

  it.each<[string, unknown, string]>([
    ['what the schema says', {}, 'email: Expected an email; password: Expected a password'],
    ['a schema that fails on it', { ...RIGHT, captcha: 'fails' }, 'the body cannot be read'],
    ['a schema that makes no object of it', { ...RIGHT, captcha: 'number' }, 'the body is not an object'],
    ['a list', [], 'email: Expected an email; password: Expected a password'],
  ])('is 400 for %s', async (_, body, message) => {
    const rows = sessionRows(app.file).length;
    const answer = await app.client.call<ErrorBody>('POST', '/auth/login', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', message } });
    expect(sessionRows(app.file)).toHaveLength(rows);
  });

  it('is answered by an HTTP exception of the schema', async () => {
    const body = { ...RIGHT, captcha: 'busy' };
    const answer = await app.client.call('POST', '/auth/login', { body });
    expect(answer).toMatchObject({ status: 422, body: { statusCode: 422, code: 'captcha_busy' } });
  });
});

describe('an app refuses to boot', () => {
  class Plain {
    email = '';
  }
  const boots = (options: object) => startApp({ options: options as Partial<AuthModuleOptions> });

  it.each<[string, object, string]>([
    [
      'with a class that no decorator tells anything about',
      { loginBody: Plain },
      'no member of Plain has a decorator of class-validator, so every body would be empty. Put one on each member',
    ],
    [
      'with an object that is no schema',
      { loginBody: { email: 'text' } },
      'it is neither a class nor a schema. Give a',
    ],
    ['with null', { loginBody: null }, 'it is neither a class nor a schema. Give a class'],
    [
      'with a form and nobody to give it to',
      { loginBody: LoginBody, users: undefined, controllers: ['tokens'] },
      '`POST /auth/login` passes it to `users`, and there is no `users`. Give `users`, or leave `loginBody` out',
    ],
  ])('%s', async (_, options, problem) => {
    await expect(boots(options)).rejects.toThrow(`AuthModule option \`loginBody\`: ${problem}`);
  });
});
