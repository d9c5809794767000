import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  AuthService,
  JwtSessionGuard,
  MemorySessionStore,
  SessionEvents,
  SessionRegistry,
  SignInSteps,
  type TokenPair,
} from 'nestjs-session-registry';
import { TwoStepLoginController, TwoStepUsers } from '../../examples/second-factor/two-step-login.controller.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { SECRET } from '../support/app.js';
import { Client, type ErrorBody } from '../support/client.js';
import { MINUTE } from '../support/times.js';

const RECIPE = 'examples/second-factor/two-step-login.controller.ts';
const ADA = { username: 'ada', password: 'ada-password' };

/** Users whose codes work once; bob has none. */
class Users extends TwoStepUsers {
  codes = new Set<string>();
  checks = 0;

  override async checkPassword(username: string, password: string) {
    this.checks += 1;
    return password === `${username}-password` ? { id: `id-of-${username}`, hasCode: username !== 'bob' } : null;
  }

  override async takeCode(_userId: string, code: string) {
    return this.codes.delete(code);
  }
}

@Controller()
@UseGuards(JwtSessionGuard)
class ProfileController {
  @Get('profile')
  profile(): string {
    return 'yours';
  }
}

it('the page on second factors shows the recipe that is tested here', () => {
  expect(readFileSync('docs/second-factor.md', 'utf8')).toContain(`\`\`\`ts\n${readFileSync(RECIPE, 'utf8')}\`\`\``);
});

describe.each(['express', 'fastify'] as const)('a sign-in in two requests (%s)', (adapter) => {
  const clock = new TestClock();
  const users = new Users();
  const refused: string[] = [];
  let nest: NestExpressApplication;
  let client: Client;

  beforeAll(async () => {
    const auth = AuthModule.forRoot({
      ...{ secret: SECRET, clock, store: new MemorySessionStore() },
      controllers: ['tokens', 'sessions'],
    });
    @Module({
      imports: [auth],
      controllers: [TwoStepLoginController, ProfileController],
      providers: [{ provide: TwoStepUsers, useValue: users }],
    })
    class AppModule {}
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const http =
      adapter === 'fastify' ? testing.createNestApplication(new FastifyAdapter()) : testing.createNestApplication();
    nest = http as unknown as NestExpressApplication;
    nest.useLogger(false);
    await nest.listen(0, '127.0.0.1');
    client = new Client(await nest.getUrl());
    nest.get(SessionEvents).on('refused', ({ reason }) => refused.push(reason));
  });
  beforeEach(() => {
    refused.length = 0;
    users.codes = new Set(['111111', '222222']);
  });
  afterAll(() => nest.close());

  const post = <T = ErrorBody>(path: string, body: unknown) => client.call<T>('POST', path, { body });
  const stepOf = async () => (await post<{ step: string }>('/auth/login', ADA)).body.step;
  const sessionsOf = (user: string) => nest.get(SessionRegistry).list(`id-of-${user}`);

  async function expectRefused(step: unknown, code: unknown, reason: string): Promise<void> {
    const before = (await sessionsOf('ada')).length;
    const answer = await post('/auth/login/code', { step, code });
    expect([answer.status, answer.body.code, refused.at(-1)]).toEqual([401, 'invalid_credentials', reason]);
    expect(await sessionsOf('ada')).toHaveLength(before);
  }

  it('signs in with the password and then the code', async () => {
    const first = await post<{ step: string }>('/auth/login', ADA);
    expect([first.status, Object.keys(first.body)]).toEqual([200, ['step']]);
    expect(await sessionsOf('ada')).toEqual([]);
    const second = await post<TokenPair>('/auth/login/code', { step: first.body.step, code: '111111' });
    expect([second.status, second.body.session.current]).toEqual([200, true]);
    expect((await client.profile(second.body.access_token)).status).toBe(200);
    expect((await client.refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('is one request for a user without a code', async () => {
    const { status, body } = await post<TokenPair>('/auth/login', { username: 'bob', password: 'bob-password' });
    expect([status, (await client.profile(body.access_token)).status]).toEqual([200, 200]);
  });

  it('is refused for a wrong password and for a wrong code, and a code works once', async () => {
    const wrong = await post('/auth/login', { ...ADA, password: 'wrong' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    const step = await stepOf();
    await expectRefused(step, '000000', 'wrong_password');
    expect((await post('/auth/login/code', { step, code: '111111' })).status).toBe(200);
    await expectRefused(step, '111111', 'wrong_password');
  });

  it('is refused if the user was signed out everywhere between the two requests', async () => {
    const [step, later] = [await stepOf(), await stepOf()];
    await nest.get(SessionRegistry).revokeAll('id-of-ada');
    await expectRefused(step, '111111', 'cut_off');
    await nest.get(SessionRegistry).credentialsChanged('id-of-ada');
    await expectRefused(later, '222222', 'cut_off');
    users.codes = new Set(['333333']);
    expect((await post('/auth/login/code', { step: await stepOf(), code: '333333' })).status).toBe(200);
  });

  it('is refused after five minutes', async () => {
    const step = await stepOf();
    clock.advance(5 * MINUTE);
    await expectRefused(step, '111111', 'token_expired');
  });

  it('takes no other token for the step, and no other route takes its token', async () => {
    const step = await stepOf();
    const pair = await nest.get(AuthService).login('id-of-ada');
    await expectRefused(pair.access_token, '111111', 'wrong_header');
    await expectRefused(pair.refresh_token, '111111', 'wrong_header');
    const ofAnother = nest.get(SignInSteps).issue({ purpose: 'reset', userId: 'id-of-ada', ticket: 0 }).token;
    await expectRefused(ofAnother, '111111', 'wrong_claims');
    expect((await client.profile(step)).status).toBe(401);
    expect((await client.refresh(step)).status).toBe(401);
    expect((await client.logout({ token: step })).status).toBe(401);
    expect(users.codes.has('111111')).toBe(true);
  });

  it('is 400 or 401 for a body that is anything else', async () => {
    const checks = users.checks;
    for (const body of [{}, [], { username: 'ada' }, { ...ADA, password: ['x'] }, { ...ADA, username: { a: 1 } }])
      expect((await post('/auth/login', body)).status).toBe(400);
    for (const body of [
      {},
      { step: 7, code: '1' },
      { step: 'x', code: ['111111'] },
      { step: 'x'.repeat(5000), code: '1' },
    ])
      expect((await post('/auth/login/code', body)).status).toBe(400);
    await expectRefused('garbage', '111111', 'malformed_token');
    expect([users.checks - checks, users.codes.size]).toEqual([0, 2]);
  });
});
