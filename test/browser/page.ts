import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** What a browser says of itself. */
export const AGENTS = {
  desk: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  tablet:
    'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  laptop:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  library: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
};

const LISTS = /\/sessions(\?.*)?$/;

/** A user of the reference app. */
export interface Person {
  username: string;
  password: string;
}

/** The page of the reference app in a browser profile of its own. */
export class DevicePage {
  readonly list: Locator;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    this.list = page.locator('session-list');
  }

  /** Opens the page as a browser that was never there. */
  static async open(
    browser: Browser,
    url: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<DevicePage> {
    const context = await browser.newContext({ userAgent: AGENTS.desk, ...options });
    const opened = new DevicePage(context, await context.newPage());
    await opened.page.goto(url);
    return opened;
  }

  async signIn({ username, password }: Person): Promise<this> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.locator('#entry-submit').click();
    await this.list.locator('[part~="current"]').waitFor();
    return this;
  }

  /** The live device whose row shows this text. */
  row(text: string): Locator {
    return this.list.locator('[part~="device"]').filter({ hasText: text });
  }

  /** The recently ended device whose row shows this text. */
  ended(text: string): Locator {
    return this.list.locator('[part~="ended-device"]').filter({ hasText: text });
  }

  /** Answers the question that is open with yes. */
  async confirm(): Promise<void> {
    await this.list.getByRole('dialog').locator('.confirm').click();
  }

  /** Presses a button by its name and answers the question it asks with yes. */
  async press(name: string): Promise<void> {
    await this.list.getByRole('button', { name, exact: true }).click();
    await this.confirm();
  }

  /** What the sign-in form says, once it is there. */
  async reason(): Promise<string> {
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    return (await this.page.locator('#entry-message').textContent()) ?? '';
  }

  /** The refresh token this browser holds, as a thief would find it. */
  async stolenToken(): Promise<string> {
    return this.page.evaluate(`JSON.parse(localStorage.getItem('session')).refresh_token`);
  }

  /** Keeps the answers to both lists back while `work` runs. */
  async holdingLists(work: () => Promise<void>): Promise<void> {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await this.page.route(LISTS, async (route) => {
      await held;
      await route.fallback();
    });
    await work();
    release();
    await this.page.unrouteAll({ behavior: 'ignoreErrors' });
  }

  /** Has both lists refused with 503 while `work` runs. */
  async refusingLists(work: () => Promise<void>): Promise<void> {
    await this.page.route(LISTS, (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await work();
    await this.page.unrouteAll();
  }

  /** Shows the list of nobody on the sign-in page, as on a page that stays where it is when its user is signed out. */
  async showSignedOutList(): Promise<void> {
    await this.page.evaluate(`import('/lib/client.js').then(({ createSessionClient }) => {
      document.querySelector('#devices').remove();
      const list = document.createElement('session-list');
      list.client = createSessionClient({ key: 'nobody' });
      document.querySelector('#entry').append(list);
    })`);
    await this.list.getByText('You are signed out on this device.').waitFor();
  }

  /** The name of what has the focus, also within the element. */
  focusedName(): Promise<string> {
    return this.page.evaluate(`(() => {
      let element = document.activeElement;
      while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const label = element.labels?.[0]?.textContent ?? '';
      return (element.getAttribute('aria-label') ?? (label || element.textContent)).trim();
    })()`);
  }

  /** Sets language and direction of the page. */
  speak(lang: string, dir: 'ltr' | 'rtl' = 'ltr'): Promise<unknown> {
    return this.page.evaluate(`Object.assign(document.documentElement, { lang: '${lang}', dir: '${dir}' })`);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
