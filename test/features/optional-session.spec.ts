import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  CurrentSession,
  JwtSessionGuard,
  OptionalSession,
  Public,
  SessionEvents,
} from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { breakStore } from '../support/sqlite-file.js';
import { MINUTE } from '../support/times.js';

type Seen = { guid: string | null };
const seen = (session?: ActiveSession): Seen => ({ guid: session?.guid ?? null });

@Controller('shop')
@UseGuards(JwtSessionGuard)
@OptionalSession()
class ShopController {
  @Get()
  page(@CurrentSession() session?: ActiveSession): Seen {
    return seen(session);
  }

  @Post()
  order(@CurrentSession() session?: ActiveSession): Seen {
    return seen(session);
  }

  @OptionalSession({ invalid: 'ignore' })
  @Get('lenient')
  lenient(@CurrentSession() session?: ActiveSession): Seen {
    return seen(session);
  }

  @Public()
  @Get('open')
  open(@CurrentSession() session?: ActiveSession): Seen {
    return seen(session);
  }
}

@Controller('news')
@UseGuards(JwtSessionGuard)
@Public()
class NewsController {
  @OptionalSession()
  @Get()
  page(@CurrentSession() session?: ActiveSession): Seen {
    return seen(session);
  }
}

describe.each(ADAPTERS)('a route for both (%s)', (adapter) => {
  let app: TestApp;
  let refused: string[];

  beforeAll(async () => {
    const options = { transport: 'both', cookies: { access: true } } as const;
    app = await startApp({ adapter, options, controllers: [ShopController, NewsController] });
    app.nest.get(SessionEvents).on('refused', ({ reason }) => refused.push(reason));
  });
  afterAll(() => app.close());

  /** Status, body and challenge of an answer, and the refusals that it was told with. */
  async function ask(path: string, call: Parameters<typeof app.client.call>[2] = {}, method = 'GET') {
    refused = [];
    const { status, body, headers } = await app.client.call<Seen & { code?: string }>(method, path, call);
    return [status, body.guid ?? body.code ?? null, headers.get('www-authenticate'), ...refused];
  }

  it('lets a client in without credentials, which is no refusal', async () => {
    for (const path of ['/shop', '/shop/lenient', '/shop/open', '/news']) {
      expect([path, ...(await ask(path))]).toEqual([path, 200, null, null]);
    }
    expect(await ask('/shop', { headers: { authorization: 'Basic YTpi' } })).toEqual([200, null, null]);
  });

  it('knows the session of a client that is signed in, and no other than its own routes do', async () => {
    const { access_token: token, session } = await app.client.signIn();
    for (const path of ['/shop', '/shop/lenient', '/news']) {
      expect([path, ...(await ask(path, { token }))]).toEqual([path, 200, session.guid, null]);
    }
    expect(await ask('/shop/open', { token })).toEqual([200, null, null]);
  });

  it('answers 401 to a token that does not count, so that its client renews, or ignores it if told to', async () => {
    const [expired, ended] = [await app.client.signIn(), await app.client.signIn()];
    app.clock.advance(6 * MINUTE);
    const renewed = (await app.client.refresh(ended.refresh_token)).body;
    await app.registry.revoke('id-of-ada', ended.session.guid);
    const cases: [string, string][] = [
      [expired.access_token, 'token_expired'],
      [renewed.access_token, 'session_ended'],
      [renewed.refresh_token, 'wrong_header'],
      ['garbage', 'malformed_token'],
    ];
    for (const [token, reason] of cases) {
      const challenge = 'Bearer error="invalid_token"';
      expect(await ask('/shop', { token })).toEqual([401, 'invalid_token', challenge, reason]);
      expect(await ask('/news', { token })).toEqual([401, 'invalid_token', challenge, reason]);
      expect(await ask('/shop/lenient', { token })).toEqual([200, null, null]);
    }
  });

  it('refuses two credentials and requests of other sites in either case', async () => {
    const browser = new Browser(app.client);
    await browser.login();
    const { cookie } = browser;
    for (const path of ['/shop', '/shop/lenient']) {
      const both = await ask(path, { token: 'garbage', headers: { cookie } });
      expect(both).toEqual([400, 'invalid_request', null, 'two_credentials']);
    }
    const headers = { cookie, 'sec-fetch-site': 'cross-site' };
    expect(await ask('/shop', { headers }, 'POST')).toEqual([403, 'cross_site', null, 'cross_site_request']);
  });

  it('is 503 in either case while the database is down, and takes nobody for signed out', async () => {
    const { access_token: token } = await app.client.signIn();
    breakStore(app.file);
    for (const path of ['/shop', '/shop/lenient', '/news']) {
      expect(await ask(path, { token })).toEqual([503, 'unavailable', null, 'store_failed']);
    }
    expect(await ask('/shop')).toEqual([200, null, null]);
  });
});
