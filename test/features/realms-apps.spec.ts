import { afterEach, describe, expect, it } from 'vitest';
import { Controller, Get, type INestApplicationContext, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  AuthService,
  inRealm,
  JwtSessionGuard,
  MemorySessionStore,
  SignInSteps,
} from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { verdictOf } from '../support/inspect.js';
import { MemoryLog } from '../support/memory-log.js';

type Given = Partial<AuthModuleOptions> & AuthModuleExtras;

const apps: INestApplicationContext[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** An app of its own with the common secret. */
async function boot(given: Given, log = new MemoryLog()): Promise<AuthService> {
  const auth = AuthModule.forRoot({ secret: SECRET, store: new MemorySessionStore(), controllers: false, ...given });
  @Controller()
  class Empty {
    @UseGuards(given.realm === undefined ? JwtSessionGuard : inRealm(given.realm, JwtSessionGuard))
    @Get()
    get(): void {}
  }
  @Module({ imports: [auth], controllers: [Empty] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: log, abortOnError: false });
  apps.push(app);
  return app.get(given.realm === undefined ? AuthService : inRealm(given.realm, AuthService));
}

/** One app with a module without a name and one of the realm `admin`, which share a secret. */
async function bootBoth(): Promise<INestApplicationContext> {
  const given = { secret: SECRET, store: new MemorySessionStore(), controllers: false };
  @Module({
    imports: [
      AuthModule.forRoot(given),
      AuthModule.forRoot({ ...given, store: new MemorySessionStore(), realm: 'admin' }),
    ],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  apps.push(app);
  return app;
}

/** What the second app says to a token of the first. */
async function crossing(one: Given, other: Given): Promise<string> {
  const [first, second] = [await boot(one), await boot(other)];
  const { access_token } = await first.login('ada');
  return verdictOf(second.authenticate(access_token));
}

const expiry = { revocation: { check: 'expiry' } } as const;
const denylist = { revocation: { check: 'denylist', denylist: 'memory' } } as const;

describe('two apps with one secret', () => {
  it('refuse the tokens of each other by the row, if they keep their sessions apart', async () => {
    expect(await crossing({}, {})).toBe('session_unknown');
  });

  it('accept the tokens of each other if they share their sessions', async () => {
    const store = new MemorySessionStore();
    expect(await crossing({ store }, { store })).toBe('accepted');
  });

  it.each([
    ['expiry', expiry],
    ['denylist', denylist],
  ])('tell tokens apart by realm or issuer, where the check %s does not look for the session', async (_, check) => {
    expect(await crossing({ ...check, realm: 'shop' }, { ...check, realm: 'admin' })).toBe('bad_signature');
    expect(await crossing(check, { ...check, realm: 'admin' })).toBe('bad_signature');
    expect(await crossing({ ...check, issuer: 'shop' }, { ...check, issuer: 'admin' })).toBe('wrong_claims');
  });

  it('refuse a token of another realm by its key, even with the same issuer', async () => {
    const issuer = 'https://id.example';
    expect(await crossing({ ...expiry, issuer, realm: 'shop' }, { ...expiry, issuer, realm: 'admin' })).toBe(
      'bad_signature',
    );
  });

  it.each([
    ['expiry', expiry, 1],
    ['denylist', denylist, 1],
    ['expiry and an issuer', { ...expiry, issuer: 'us' }, 0],
    ['expiry and an audience', { ...expiry, audience: 'us' }, 0],
    ['session', {}, 0],
  ] as const)('are warned of a default issuer: %s', async (_, given, count) => {
    const log = new MemoryLog();
    await boot(given, log);
    expect(
      log.lines.filter((line) => line.startsWith('warn') && line.includes('Give this app an `issuer`')),
    ).toHaveLength(count);
  });
});

describe('a step of a sign-in', () => {
  it('is passed in its own realm only', async () => {
    const app = await bootBoth();
    const realms = [app.get(SignInSteps), app.get(inRealm('admin', SignInSteps))];
    for (const own of realms) {
      const { token } = own.issue({ purpose: 'code', userId: 'ada', ticket: 0 });
      expect(own.read('code', token)).toMatchObject({ userId: 'ada', ticket: 0 });
      for (const other of realms.filter((one) => one !== own))
        expect(() => other.read('code', token)).toThrow(expect.objectContaining({ reason: 'bad_signature' }));
    }
    expect(new Set(realms).size).toBe(2);
  });
});
