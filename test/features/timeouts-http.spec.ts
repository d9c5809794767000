import { afterEach, describe, expect, it } from 'vitest';
import type { EndedSessionView, TokenPair } from 'nestjs-session-registry';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { HOUR, MINUTE, SECOND } from '../support/times.js';
import { rowOf, verdictOf, watchWrites } from '../support/inspect.js';

let app: TestApp;
const using = ({ access_token }: TokenPair) => verdictOf(app.auth.authenticate(access_token));
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const ends = (views: EndedSessionView[]) => views.map(({ guid, endedAt, endReason }) => [guid, endedAt, endReason]);

afterEach(() => app.close());

describe.each(ADAPTERS)('over HTTP (%s)', (adapter) => {
  it('an access token is accepted for 299 s 999 ms and refused at 300 s, while the session lives on', async () => {
    app = await startApp({ adapter });
    const pair = await app.client.signIn();
    expect(pair.expires_in).toBe(300);
    app.clock.advance(299 * SECOND + 999);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);

    app.clock.advance(1);

    expect((await app.client.profile(pair.access_token)).status).toBe(401);
    expect(await using(pair)).toBe('token_expired');
    const renewal = await app.client.refresh(pair.refresh_token);
    expect(renewal.status).toBe(200);
    expect((await app.client.profile(renewal.body.access_token)).status).toBe(200);
  });

  it('an idle and an expired session are listed as ended, with when and why, though nothing was written', async () => {
    const options = { idleTimeout: '30m', absoluteTimeout: '1h' } as const;
    app = await startApp({ adapter, options });
    const began = app.clock.now();
    const idle = await app.client.signIn();
    let busy = await app.client.signIn();
    for (let times = 0; times < 3; times++) {
      app.clock.advance(19 * MINUTE);
      busy = (await app.client.refresh(busy.refresh_token)).body;
    }
    app.clock.advance(3 * MINUTE - 1);
    const own = await app.client.signIn();
    const liveThen = (await app.client.list(own.access_token)).body.map(({ guid }) => guid);
    expect(liveThen).toEqual([own.session.guid, busy.session.guid]);
    app.clock.advance(1);
    const writes = watchWrites(app);

    const { status, body } = await app.client.listEnded(own.access_token);

    expect(status).toBe(200);
    expect(ends(body)).toEqual([
      [busy.session.guid, iso(began + HOUR), 'expired'],
      [idle.session.guid, iso(began + 30 * MINUTE), 'idle'],
    ]);
    expect((await app.client.list(own.access_token)).body.map(({ guid }) => guid)).toEqual([own.session.guid]);
    expect(writes()).toBe(0);
    for (const { session } of [idle, busy]) {
      expect(rowOf(app, session.guid)).toMatchObject({ endedAt: null, endReason: null });
    }
  });
});
