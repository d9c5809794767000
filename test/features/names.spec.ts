import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import type { ErrorBody } from '../support/client.js';
import { rowOf } from '../support/inspect.js';

const NOTHING: [string, string][] = [
  ['a zero-width space', '\u200b'],
  ['a tag', '\u{e0061}'],
  ['a filler of Hangul', '\u3164'],
  ['an empty Braille pattern', '\u2800'],
  ['one mark of direction', '\u200e'],
  ['a mark of Arabic', '\u061c'],
  ['some of each', ' \u200b\u3164 \u2800\u200f\u{e0062} '],
];
const SHOWN: [string, string][] = [
  ['a family', '👩\u200d👩\u200d👧'],
  ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
  ['a Persian word', 'می\u200cخواهم'],
  ['an emoji and a word', '📱 phone'],
];

describe.each(ADAPTERS)('a name of a device, on %s', (adapter) => {
  let app: TestApp;
  let pair: TokenPair;

  beforeEach(async () => {
    app = await startApp({ adapter });
    pair = await app.client.signIn();
  });
  afterEach(() => app.close());

  const rename = (name: string) =>
    app.client.call<ErrorBody & { name: string }>('PATCH', `/sessions/${pair.session.guid}`, {
      token: pair.access_token,
      body: { name },
    });

  it.each(NOTHING)('that is %s is refused as an empty one is', async (_, name) => {
    const [{ status, body }, empty] = [await rename(name), await rename('')];
    expect({ status, body }).toEqual({ status: 400, body: empty.body });
    expect(body).toMatchObject({ code: 'invalid_request', message: 'name should not be empty' });
    expect(rowOf(app, pair.session.guid).name).toBeNull();
  });

  it.each(NOTHING)('that is %s at a sign-in leaves the automatic one', async (_, deviceName) => {
    const { session } = await app.client.signIn('ada', { deviceName });
    expect(session.name).toBe('Chrome on Windows');
    expect(rowOf(app, session.guid).name).toBeNull();
  });

  it.each(SHOWN)('that is %s is stored and shown to the letter', async (_, name) => {
    expect(await rename(name)).toMatchObject({ status: 200, body: { name } });
    expect(rowOf(app, pair.session.guid).name).toBe(name);
  });
});
