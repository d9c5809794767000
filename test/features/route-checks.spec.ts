import { afterEach, describe, expect, it } from 'vitest';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type CheckKind, JwtSessionGuard, RevocationCheck, type TokenPair } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import { Denylist } from '../../src/revocation/denylist.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { execute } from '../support/sqlite-file.js';

@Controller('bank')
@UseGuards(JwtSessionGuard)
@RevocationCheck('session')
class BankController {
  @Get('transfer')
  transfer(): string {
    return 'sent';
  }

  @RevocationCheck('expiry')
  @Get('rates')
  rates(): string {
    return 'fixed';
  }
}

@Controller('denied')
@UseGuards(JwtSessionGuard)
@RevocationCheck('denylist')
class DenylistController {
  @Get()
  get(): string {
    return 'in';
  }
}

@Controller('passport')
@UseGuards(AuthGuard('jwt-session'))
class PassportController {
  @Get()
  get(): string {
    return 'in';
  }
}

describe.each(ADAPTERS)('a check of its own on %s', (adapter) => {
  let app: TestApp;
  afterEach(() => app.close());

  const start = async (check: CheckKind, more = {}) => {
    const denies = check === 'denylist' || 'denylist' in more;
    const controllers = [BankController, PassportController, ...(denies ? [DenylistController] : [])];
    const options = { revocation: { check, ...more } };
    app = await startApp({ adapter, controllers, options, providers: [JwtSessionStrategy] });
  };
  const statusAt = async (path: string, { access_token: token }: TokenPair) =>
    (await app.client.call('GET', path, { token })).status;

  it('makes a route stricter than the rest of the app', async () => {
    await start('expiry');
    const pair = await app.client.signIn();
    expect([await statusAt('/profile', pair), await statusAt('/bank/transfer', pair)]).toEqual([200, 200]);
    await app.client.logout({ token: pair.access_token });
    expect([await statusAt('/profile', pair), await statusAt('/bank/transfer', pair)]).toEqual([200, 401]);
  });

  it('of a handler comes before that of its controller', async () => {
    await start('session');
    const pair = await app.client.signIn();
    await app.client.logout({ token: pair.access_token });
    expect([await statusAt('/bank/transfer', pair), await statusAt('/bank/rates', pair)]).toEqual([401, 200]);
  });

  it('asks a denylist that is kept for its sake', async () => {
    await start('expiry', { denylist: 'database' });
    const [pair, other] = [await app.client.signIn(), await app.client.signIn()];
    await app.client.logout({ token: pair.access_token });
    expect([await statusAt('/denied', pair), await statusAt('/denied', other)]).toEqual([401, 200]);
    expect(await statusAt('/profile', pair)).toBe(200);
  });

  it('that nobody feeds refuses to boot, and refuses whoever asks for it in code', async () => {
    const nobody =
      "AuthModule option `revocation.denylist`: a route asks for the check 'denylist', but there is no denylist. " +
      "Set it, for example to 'database'.";
    await expect(startApp({ adapter, controllers: [DenylistController] })).rejects.toThrow(nobody);
    await start('session');
    const pair = await app.client.signIn();
    await expect(app.auth.authenticate(pair.access_token, undefined, 'denylist')).rejects.toThrow(nobody);
  });

  it('is not known to passport, which asks that of the app', async () => {
    await start('session');
    const pair = await app.client.signIn();
    await app.client.logout({ token: pair.access_token });
    expect(await statusAt('/passport', pair)).toBe(401);
  });

  it.each([
    ['denylist', 'session_denials'],
    ['validTokenFrom', 'session_cutoffs'],
    ['session', 'sessions'],
  ] as const)('fails closed (%s)', async (check, table) => {
    await start(check);
    const pair = await app.client.signIn();
    expect(await statusAt('/profile', pair)).toBe(200);
    execute(app.file, `ALTER TABLE ${table} RENAME TO gone`);
    expect(await statusAt('/profile', pair)).toBe(503);
    await expect(app.registry.revokeAll('id-of-ada')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the entries of a denylist', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const MINUTE = 60_000;

  it.each(['database', 'memory'] as const)(
    'are kept until the last token they concern has ended (%s)',
    async (denylist) => {
      app = await startApp({ options: { revocation: { check: 'denylist', denylist }, purge: false } });
      const { access_token, refresh_token } = await app.client.signIn();
      app.clock.advance(4 * MINUTE);
      const { body } = await app.client.refresh(refresh_token);
      await app.client.logout({ token: access_token });
      app.clock.advance(5 * MINUTE - 1);
      await app.registry.purge();
      expect((await app.client.profile(body.access_token)).status).toBe(401);
      app.clock.advance(2 * MINUTE);
      await app.registry.purge();
      expect((await app.client.profile(body.access_token)).status).toBe(401);
    },
  );

  it('survive the process if they are in the database', async () => {
    app = await startApp({ options: { revocation: { check: 'denylist' } } });
    const { access_token } = await app.client.signIn();
    const again = await startApp({ file: app.file, clock: app.clock, options: { revocation: { check: 'denylist' } } });
    expect((await again.client.profile(access_token)).status).toBe(200);
    await app.client.logout({ token: access_token });
    expect((await again.client.profile(access_token)).status).toBe(401);
    await again.close();
  });

  it('are not made by an attempt on a session of somebody else', async () => {
    app = await startApp({ options: { revocation: { check: 'denylist' } } });
    const [ada, bob] = [await app.client.signIn('ada'), await app.client.signIn('bob')];
    const { status } = await app.client.call('DELETE', `/sessions/${ada.session.guid}`, { token: bob.access_token });
    expect(status).toBe(404);
    expect((await app.client.profile(ada.access_token)).status).toBe(200);
  });

  it('are added by a retry if the first try stored the end but not the entry', async () => {
    app = await startApp({ options: { revocation: { check: 'denylist' } } });
    const { access_token } = await app.client.signIn();

    const denylist = app.nest.get(Denylist, { strict: false });
    const { denySession } = denylist;
    denylist.denySession = () => Promise.reject(new Error('lost'));
    expect((await app.client.logout({ token: access_token })).status).toBe(503);
    denylist.denySession = denySession;
    expect((await app.client.logout({ token: access_token })).status).toBe(204);
    expect((await app.client.profile(access_token)).status).toBe(401);
  });
});
