import { describe, expect, it } from 'vitest';
import { type DynamicModule, Inject, Injectable, Module, type Provider, Scope, type Type } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  AuthService,
  type AuthUser,
  type AuthUsers,
  ConfigurationError,
  MemorySessionStore,
} from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';
import { TestUsers } from '../support/users.js';

type Given = Partial<AuthModuleOptions> & AuthModuleExtras;
/** Options as a program without types may give them. */
const untyped = (options: object) => options as Given;

/** What booting with these options is refused with; undefined where it boots. */
async function refusal(
  options: Given,
  database: Given = { store: new MemorySessionStore() },
  imports: Type[] = [],
): Promise<unknown> {
  return refusalOf(() => AuthModule.forRoot({ secret: SECRET, ...database, ...options }), imports);
}

async function refusalOf(makeModule: () => DynamicModule, imports: Type[] = []): Promise<unknown> {
  try {
    const testing = await Test.createTestingModule({ imports: [makeModule(), ...imports] }).compile();
    const app = testing.createNestApplication({ logger: false });
    try {
      await app.init();
    } finally {
      await app.close();
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectNamed(error: unknown, option: string, problem: string, mend: string): void {
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    name: 'ConfigurationError',
    option,
    message: `AuthModule option \`${option}\`: ${problem}. ${mend}.`,
  });
}

@Injectable()
class WithoutIsActive {
  validateCredentials(): null {
    return null;
  }
}

@Injectable()
class WithoutValidateCredentials {
  isActive(): boolean {
    return true;
  }
}

@Injectable()
class InNeedOfMore implements AuthUsers {
  constructor(@Inject('USER_TABLE') readonly table: unknown) {}
  validateCredentials(): AuthUser | null {
    return null;
  }
  isActive(): boolean {
    return true;
  }
}

describe('an app refuses to boot', () => {
  it.each<[string, AuthModuleExtras['controllers']]>([
    ['controllers: true', true],
    ["controllers: ['login']", ['login']],
  ])('with %s and no users to ask', async (_, controllers) => {
    const mend = "Give your users class, or mount only the other routes: `controllers: ['tokens', 'sessions']`";
    const problem = 'it is missing, but `POST /auth/login` is mounted and needs it to check passwords';
    expectNamed(await refusal({ controllers }), 'users', problem, mend);
  });

  it('with forRootAsync, whose login is mounted, and no users to ask', async () => {
    const error = await refusalOf(() =>
      AuthModule.forRootAsync({ store: new MemorySessionStore(), useFactory: () => ({ secret: SECRET }) }),
    );
    expect(error).toMatchObject({ option: 'users', message: expect.stringContaining('it is missing') });
  });

  it('over a users class without one of its methods', async () => {
    const implement = 'Implement the interface AuthUsers';
    const active = await refusal({ users: WithoutIsActive as never });
    expectNamed(active, 'users', 'WithoutIsActive has no method `isActive`', implement);
    const validate = await refusal({ users: WithoutValidateCredentials as never });
    expectNamed(validate, 'users', 'WithoutValidateCredentials has no method `validateCredentials`', implement);
  });

  it('over a users class that no module provides and Nest cannot create, with the cause', async () => {
    const error = await refusal({ users: InNeedOfMore });
    const problem = 'no module provides InNeedOfMore, and Nest could not create it';
    expectNamed(error, 'users', problem, 'Add InNeedOfMore to the providers of a module');
    expect((error as Error).cause).toMatchObject({ message: expect.stringContaining('USER_TABLE') });
  });

  it.each([Scope.REQUEST, 'what it injects'] as const)(
    'over a users class that is request-scoped: %s',
    async (what) => {
      @Injectable({ scope: Scope.REQUEST })
      class PerRequest {}
      @Injectable(what === Scope.REQUEST ? { scope: what } : {})
      class ScopedUsers extends TestUsers {
        @Inject(PerRequest) readonly part!: PerRequest;
      }
      @Module({ providers: [PerRequest, ScopedUsers] })
      class UsersModule {}
      const error = await refusal({ users: ScopedUsers }, { store: new MemorySessionStore() }, [UsersModule]);
      expectNamed(
        error,
        'users',
        'ScopedUsers is request-scoped, or something that it injects is, and users are also looked up outside of a request',
        'Make ScopedUsers and what it injects ordinary providers, and find what belongs to a request with AsyncLocalStorage',
      );
    },
  );

  it('over an object in place of the users class, and says what to give', async () => {
    const error = await refusal(untyped({ users: new TestUsers() }));
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'users' });
    expect((error as Error).message).toMatch(/\bclass\b/);
    expect((error as Error).message).not.toContain('undefined');
  });
});

it('an app boots with a transient users class, and asks one instance of it', async () => {
  let made = 0;
  @Injectable({ scope: Scope.TRANSIENT })
  class OwnUsers extends TestUsers {
    readonly count = ++made;
  }
  @Module({ providers: [OwnUsers] })
  class UsersModule {}
  const auth = AuthModule.forRoot({ secret: SECRET, store: new MemorySessionStore(), users: OwnUsers });
  const app = (await Test.createTestingModule({ imports: [auth, UsersModule] }).compile()).createNestApplication();
  await app.init();
  const before = made;
  const credentials = { username: 'ada', password: 'ada-password' };
  for (const _ of [1, 2]) await app.get(AuthService, { strict: false }).loginWithPassword(credentials);
  expect(made).toBe(before);
  await app.close();
});

it.each<[string, (made: TestUsers) => Provider[]]>([
  ['an async factory', (made) => [{ provide: TestUsers, useFactory: () => later(made) }]],
  ['a value', (made) => [{ provide: TestUsers, useValue: made }]],
  [
    'another name for it',
    (made) => [
      { provide: 'USERS', useFactory: () => later(made) },
      { provide: TestUsers, useExisting: 'USERS' },
    ],
  ],
])('an app boots with the users that %s makes, and asks those', async (_, providersOf) => {
  const made = new TestUsers();
  let checks = 0;
  made.onCheck = () => {
    checks += 1;
  };
  @Module({ providers: providersOf(made) })
  class UsersModule {}
  const auth = AuthModule.forRoot({ secret: SECRET, store: new MemorySessionStore(), users: TestUsers });
  const app = (await Test.createTestingModule({ imports: [auth, UsersModule] }).compile()).createNestApplication();
  await app.init();
  const service = app.get(AuthService, { strict: false });
  const { session } = await service.loginWithPassword({ username: 'ada', password: 'ada-password' });
  expect([checks, session.current]).toEqual([1, true]);
  await app.close();
});

it('an app refuses to boot over a factory of users that is request-scoped', async () => {
  @Module({
    providers: [{ provide: TestUsers, inject: [REQUEST], useFactory: () => new TestUsers(), scope: Scope.REQUEST }],
  })
  class UsersModule {}
  const error = await refusal({ users: TestUsers }, { store: new MemorySessionStore() }, [UsersModule]);
  expect(error).toMatchObject({ option: 'users', message: expect.stringContaining('TestUsers is request-scoped') });
});

it('the boot fails with what an async factory of users fails with', async () => {
  const providers = [{ provide: TestUsers, useFactory: () => Promise.reject(new Error('no directory')) }];
  @Module({ providers })
  class UsersModule {}
  const error = await refusal({ users: TestUsers }, { store: new MemorySessionStore() }, [UsersModule]);
  expect(error).toMatchObject({ message: 'no directory' });
});

function later<T>(made: T): Promise<T> {
  return new Promise((resolve) => setImmediate(() => resolve(made)));
}
