import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Controller,
  Get,
  Global,
  type INestApplication,
  Injectable,
  Module,
  type ModuleMetadata,
  UseGuards,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  AuthService,
  type AuthUser,
  type AuthUsers,
  CurrentSession,
  JwtSessionGuard,
  MemorySessionStore,
  SessionEvents,
  SessionRegistry,
} from 'nestjs-session-registry';
import { ADAPTERS, SECRET, startApp } from '../support/app.js';
import { Client, claimsOf } from '../support/client.js';
import { TestUsers } from '../support/users.js';

let folder: string;
let running: INestApplication[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  running = [];
});

afterEach(async () => {
  for (const nest of running) await nest.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An app made of these parts, listening; it is closed after the test. */
async function run(metadata: ModuleMetadata): Promise<{ nest: INestApplication; client: Client }> {
  const nest = (await Test.createTestingModule(metadata).compile()).createNestApplication({ logger: false });
  running.push(nest);
  await nest.listen(0, '127.0.0.1');
  return { nest, client: new Client(await nest.getUrl()) };
}

const inMemory = () => ({ secret: SECRET, store: new MemorySessionStore(), users: TestUsers });

@Controller()
class ProfileController {
  @UseGuards(JwtSessionGuard)
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}

/** A part of an app that uses the guard and the services, and imports nothing. */
@Injectable()
class Devices {
  constructor(
    readonly auth: AuthService,
    readonly registry: SessionRegistry,
    readonly events: SessionEvents,
  ) {}
}

@Module({ controllers: [ProfileController], providers: [Devices] })
class FeatureModule {}

describe('forRoot', () => {
  it('is enough with a secret, a users class and a place for the sessions', async () => {
    const { client } = await run({ imports: [AuthModule.forRoot(inMemory())], controllers: [ProfileController] });
    const { access_token, session } = await client.signIn();
    expect((await client.profile(access_token)).body).toEqual({
      userId: 'id-of-ada',
      guid: session.guid,
      claims: {},
    });
  });

  it('takes the names of the tokens from its options', async () => {
    const options = { ...inMemory(), issuer: 'https://id.example', audience: 'https://api.example' };
    const { client } = await run({ imports: [AuthModule.forRoot(options)] });
    const { access_token } = await client.signIn();
    expect(claimsOf(access_token)).toMatchObject({ iss: 'https://id.example', aud: 'https://api.example' });
  });
});

describe('forRootAsync', () => {
  const SETTINGS = Symbol('settings');

  @Module({ providers: [{ provide: SETTINGS, useValue: { issuer: 'the settings' } }], exports: [SETTINGS] })
  class SettingsModule {}

  @Injectable()
  class OptionsFactory implements AuthOptionsFactory {
    createAuthOptions(): AuthModuleOptions {
      return { secret: SECRET, users: TestUsers, issuer: 'the factory' };
    }
  }

  @Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
  class FactoryModule {}

  async function issuerWith(auth: Parameters<typeof AuthModule.forRootAsync>[0]): Promise<unknown> {
    const { client } = await run({ imports: [AuthModule.forRootAsync({ store: new MemorySessionStore(), ...auth })] });
    const { access_token } = await client.signIn();
    return claimsOf(access_token).iss;
  }

  it('takes the options of a factory, with what it injects from what it imports', async () => {
    const issuer = await issuerWith({
      imports: [SettingsModule],
      inject: [SETTINGS],
      useFactory: async (settings: { issuer: string }) => ({ secret: SECRET, users: TestUsers, ...settings }),
    });
    expect(issuer).toBe('the settings');
  });

  it('takes the options of a class it makes', async () => {
    expect(await issuerWith({ useClass: OptionsFactory })).toBe('the factory');
  });

  it('takes the options of a class the app has', async () => {
    expect(await issuerWith({ imports: [FactoryModule], useExisting: OptionsFactory })).toBe('the factory');
  });

  it('takes the extras beside the factory', async () => {
    const auth = AuthModule.forRootAsync({
      store: new MemorySessionStore(),
      prefix: 'api',
      controllers: ['sessions'],
      useFactory: () => ({ secret: SECRET }),
    });
    const { client } = await run({ imports: [auth] });
    expect((await client.call('GET', '/api/sessions')).status).toBe(401);
    expect((await client.call('POST', '/api/auth/login')).status).toBe(404);
  });
});

describe('isGlobal', () => {
  it('is on by default: every module uses the guard and the services without importing them', async () => {
    const { nest, client } = await run({ imports: [AuthModule.forRoot(inMemory()), FeatureModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
    expect(nest.get(Devices, { strict: false }).auth).toBe(nest.get(AuthService));
  });

  it('is on by default with forRootAsync too', async () => {
    const { store, ...options } = inMemory();
    const auth = AuthModule.forRootAsync({ store, useFactory: () => options });
    const { client } = await run({ imports: [auth, FeatureModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
  });

  it('can be off: a module that does not import them cannot be made', async () => {
    const auth = AuthModule.forRoot({ ...inMemory(), isGlobal: false });
    await expect(run({ imports: [auth, FeatureModule] })).rejects.toThrow(/can't resolve dependencies of the/);
  });

  it('can be off: a module that imports them has them', async () => {
    const auth = AuthModule.forRoot({ ...inMemory(), isGlobal: false });
    @Module({ imports: [auth], controllers: [ProfileController], providers: [Devices] })
    class ImportingModule {}
    const { client } = await run({ imports: [ImportingModule] });
    const { access_token } = await client.signIn();
    expect((await client.profile(access_token)).status).toBe(200);
  });
});

describe('the users class', () => {
  it('is the instance another module of the app provides', async () => {
    @Module({ providers: [TestUsers] })
    class UsersModule {}
    const { nest, client } = await run({ imports: [AuthModule.forRoot(inMemory()), UsersModule] });
    await client.signIn();
    expect(nest.select(UsersModule).get(TestUsers).activeQuestions).toBe(1);
  });

  it('is created with its dependencies if no module provides it', async () => {
    const table = new Map([['ada', 'ada-password']]);
    @Injectable()
    class UserTable {
      has(username: string, password: string): boolean {
        return table.get(username) === password;
      }
    }
    @Global()
    @Module({ providers: [UserTable], exports: [UserTable] })
    class TableModule {}
    @Injectable()
    class TableUsers implements AuthUsers {
      constructor(private readonly users: UserTable) {}
      validateCredentials(username: string, password: string): AuthUser | null {
        return this.users.has(username, password) ? { id: username } : null;
      }
      isActive(): boolean {
        return true;
      }
    }
    const { client } = await run({ imports: [TableModule, AuthModule.forRoot({ ...inMemory(), users: TableUsers })] });
    expect((await client.login('ada')).status).toBe(200);
    expect((await client.login('bob')).status).toBe(401);
  });
});

describe.each(ADAPTERS)('listeners of session events, on %s', (adapter) => {
  it('change no answer by throwing or rejecting, and leave the others to be told', async () => {
    const app = await startApp({ adapter });
    const events = app.nest.get(SessionEvents);
    for (const name of ['opened', 'renewed', 'repeated', 'reused', 'revoked', 'purged'] as const) {
      events.on(name, () => {
        throw new Error('this listener throws');
      });
      events.on(name, () => Promise.reject(new Error('this listener rejects')));
    }
    const told: string[] = [];
    for (const name of ['opened', 'renewed', 'repeated', 'reused', 'revoked'] as const) {
      events.on(name, () => told.push(name));
    }
    try {
      const { refresh_token } = await app.client.signIn();
      const second = await app.client.refresh(refresh_token);
      const repeated = await app.client.refresh(refresh_token);
      await app.client.refresh(second.body.refresh_token);
      const reused = await app.client.refresh(refresh_token);
      const other = await app.client.signIn();
      const revoked = await app.client.call('DELETE', '/sessions', { token: other.access_token });
      expect([second.status, repeated.status, reused.status, revoked.status]).toEqual([200, 200, 401, 200]);
      expect(told).toEqual(['opened', 'renewed', 'repeated', 'renewed', 'reused', 'revoked', 'opened', 'revoked']);
    } finally {
      await app.close();
    }
  });
});
