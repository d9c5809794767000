import { afterEach, describe, expect, it } from 'vitest';
import { Body, Controller, Delete, Header, HttpCode, Module, Post, Req, Res, UseGuards } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  type ActiveSession,
  AuthModule,
  type AuthRequest,
  AuthService,
  CurrentSession,
  JwtSessionGuard,
  MemorySessionStore,
  SessionRegistry,
  SessionTransport,
  type TokenResponse,
} from 'nestjs-session-registry';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { ACCESS, Browser, REFRESH, setCookiesOf } from '../support/browser.js';
import { type Answer, Client, type ErrorBody } from '../support/client.js';
import { rowOf, rowsOf } from '../support/inspect.js';

let app: TestApp;

@Controller('code')
class CodeLoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly registry: SessionRegistry,
    private readonly transport: SessionTransport,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async login(
    @Body('user') user: string,
    @Body('careless') careless: boolean,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenResponse> {
    if (!careless) this.transport.admit(request);
    return this.transport.deliver(await this.auth.login(user, request), request, response);
  }

  @Delete()
  @HttpCode(204)
  @UseGuards(JwtSessionGuard)
  async leave(@CurrentSession() session: ActiveSession, @Res({ passthrough: true }) response: unknown): Promise<void> {
    await this.registry.revoke(session.userId, session.guid);
    this.transport.clear(response);
  }
}

describe.each(ADAPTERS)('a sign-in route of the app (%s)', (adapter) => {
  afterEach(() => app.close());

  const start = async (transport: 'bearer' | 'cookie' | 'both') => {
    app = await startApp({ adapter, options: { transport }, controllers: [CodeLoginController] });
    return new Browser(app.client);
  };
  const signIn = (browser: Browser, body: object = {}, headers: Record<string, string> = {}) =>
    browser.call<TokenResponse>('POST', '/code', { body: { user: 'ada', ...body }, headers });

  it('answers by cookie, and takes the cookie away', async () => {
    const browser = await start('cookie');
    const { status, body } = await signIn(browser);
    expect([status, body.refresh_token, [...browser.jar.keys()]]).toEqual([200, undefined, [REFRESH]]);
    expect((await browser.refresh()).status).toBe(200);
    const again = await signIn(browser);
    expect(rowOf(app, body.session.guid).endReason).toBe('replaced');
    const answer = await browser.call('DELETE', '/code', { token: again.body.access_token ?? '' });
    expect([answer.status, browser.jar.size]).toEqual([204, 0]);
  });

  it('answers in the body with transport bearer, and to clients other than browsers with both', async () => {
    for (const [transport, says] of [
      ['bearer', { 'sec-fetch-site': 'cross-site' }],
      ['both', {}],
    ] as const) {
      await start(transport);
      const answer = await signIn(new Browser(app.client, says));
      expect(answer.body.refresh_token).toEqual(expect.any(String));
      expect(answer.headers.getSetCookie()).toEqual([]);
      const left = await app.client.call('DELETE', '/code', { token: answer.body.access_token ?? '' });
      expect(left.status).toBe(204);
      if (transport === 'bearer') expect(left.headers.getSetCookie()).toEqual([]);
      if (transport === 'bearer') await app.close();
    }
  });

  it('is refused from another site: before a session is opened, and without a cookie if the app did not ask', async () => {
    const browser = await start('cookie');
    const headers = { 'sec-fetch-site': 'cross-site' };
    for (const careless of [false, true]) {
      const answer = await signIn(browser, { careless }, headers);
      expect([answer.status, (answer.body as unknown as ErrorBody).code]).toEqual([403, 'cross_site']);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(rowsOf(app, 'ada')).toHaveLength(careless ? 1 : 0);
    }
  });
});

describe.each(ADAPTERS)('cookies the app sets itself (%s)', (adapter) => {
  afterEach(() => app.close());

  type Hooked = { addHook(name: string, hook: (request: unknown, reply: Reply, done: () => void) => void): void };
  type Reply = { header(name: string, value: string): unknown };
  type Native = { setHeader(name: string, value: string[]): void };

  const inMiddleware = (nest: NestExpressApplication) =>
    nest.use((_request: unknown, response: Native, next: () => void) => {
      response.setHeader('Set-Cookie', ['theme=dark; Path=/', 'seen=1']);
      next();
    });
  const inHook = (nest: NestExpressApplication) => {
    const fastify = nest.getHttpAdapter().getInstance() as unknown as Hooked;
    fastify.addHook('onRequest', (_request, reply, done) => {
      reply.header('set-cookie', 'theme=dark; Path=/');
      reply.header('set-cookie', 'seen=1');
      done();
    });
  };
  const ways = [
    ['a middleware', inMiddleware] as const,
    ...(adapter === 'fastify' ? [['a hook', inHook] as const] : []),
  ];

  it.each(ways)('in %s go out beside those of the session', async (_, prepare) => {
    const options = { transport: 'cookie', cookies: { access: true } } as const;
    app = await startApp({ adapter, options, prepare });
    const names = (answer: Answer) =>
      setCookiesOf(answer)
        .map(({ name }) => name)
        .sort();
    const browser = new Browser(app.client);
    const own = ['seen', 'theme'];
    const all = [ACCESS, REFRESH, ...own];
    expect(names(await browser.login())).toEqual(all);
    expect(names(await browser.refresh())).toEqual(all);
    expect(names(await browser.call('GET', '/profile'))).toEqual(own);
    expect(names(await browser.call('POST', '/auth/logout'))).toEqual(all);
    expect(names(await browser.refresh())).toEqual(own);
  });
});

describe('a module that imports what it needs by itself', () => {
  it('finds the transport beside the guard', async () => {
    const auth = AuthModule.forRoot({ secret: SECRET, store: new MemorySessionStore(), isGlobal: false });
    @Module({ imports: [auth], controllers: [CodeLoginController] })
    class CodeModule {}
    const testing = await Test.createTestingModule({ imports: [CodeModule] }).compile();
    const nest = testing.createNestApplication({ logger: false });
    try {
      await nest.listen(0, '127.0.0.1');
      const answer = await new Client(await nest.getUrl()).call('POST', '/code', { body: { user: 'ada' } });
      expect(answer.status).toBe(200);
    } finally {
      await nest.close();
    }
  });
});
