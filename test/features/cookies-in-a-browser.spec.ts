import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Get, Header } from '@nestjs/common';
import type { Browser, Page } from 'playwright-core';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { ACCESS, REFRESH } from '../support/browser.js';
import { launchChromium } from '../support/chromium.js';
import { NotesController } from '../support/notes.js';

@Controller('page')
class PageController {
  @Get()
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<!doctype html><title>A page</title>';
  }
}

/** What a script of a page sees. */
interface Seen {
  status: number;
  text: string;
  cookie: string;
}

let chrome: Browser;

beforeAll(async () => {
  chrome = await launchChromium();
});
afterAll(() => chrome?.close());

describe.each(ADAPTERS)('a page in Chromium, on http://localhost (%s)', (adapter) => {
  let app: TestApp;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    const options = { transport: 'both', cookies: { access: true } } as const;
    app = await startApp({ adapter, options, controllers: [PageController, NotesController] });
    origin = app.client.baseUrl.replace('127.0.0.1', 'localhost');
  });
  afterAll(() => app.close());

  /** Sends a request as a script of the page does; the status, and what the script can see. */
  const send = (method: string, path: string, body?: object): Promise<Seen> => {
    const headers = body && { 'Content-Type': 'application/json' };
    const init = { method, headers, body: body && JSON.stringify(body) };
    return page.evaluate(`fetch(${JSON.stringify(path)}, ${JSON.stringify(init)})
      .then(async (answer) => ({ status: answer.status, text: await answer.text(), cookie: document.cookie }))`);
  };
  const cookies = async () => (await page.context().cookies(origin)).sort((a, b) => a.name.localeCompare(b.name));

  it('signs in, renews and signs out by cookies no script sees', async () => {
    page = await (await chrome.newContext()).newPage();
    await page.goto(`${origin}/page`);
    const login = await send('POST', '/auth/login', { username: 'ada', password: 'ada-password' });
    expect([login.status, login.cookie]).toEqual([200, '']);
    const first = await cookies();
    const kept = { domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' };
    expect(first).toMatchObject([
      { name: ACCESS, ...kept },
      { name: REFRESH, ...kept },
    ]);
    for (const { value } of first) expect(login.text).not.toContain(value);
    expect((await send('POST', '/notes')).status).toBe(201);
    expect((await send('POST', '/auth/refresh')).status).toBe(200);
    const second = await cookies();
    expect(second).toHaveLength(2);
    for (const { value } of first) expect(second.map((cookie) => cookie.value)).not.toContain(value);
    expect((await send('POST', '/auth/logout')).status).toBe(204);
    expect(await cookies()).toEqual([]);
    expect((await send('POST', '/notes')).status).toBe(401);
    await page.context().close();
  });

  it('is refused on another origin of the same site, to which the browser attaches the cookies', async () => {
    const other = await startApp({ adapter, controllers: [PageController] });
    page = await (await chrome.newContext()).newPage();
    await page.goto(`${origin}/page`);
    await send('POST', '/auth/login', { username: 'ada', password: 'ada-password' });
    const answered = page.waitForResponse(`${origin}/notes`);
    await page.goto(`${other.client.baseUrl.replace('127.0.0.1', 'localhost')}/page`);
    await page.setContent(`<form method="post" action="${origin}/notes"><button>Send</button></form>`);
    await page.getByRole('button').click();
    const answer = await answered;
    expect(answer.status()).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'cross_site' });
    expect(await answer.request().headerValue('cookie')).toContain(REFRESH);
    await page.context().close();
    await other.close();
  });
});
