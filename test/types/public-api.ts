/**
 * What the public types of the module and its options allow and what they refuse. Nothing here runs:
 * `npm run typecheck` compiles it, and a refusal that went missing is an error of its own.
 */
import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  type AuthUser,
  type AuthRequest,
  type AuthUsers,
  type BodySchema,
  CurrentSession,
  type CutoffColumn,
  JwtSessionGuard,
  MemorySessionStore,
  Public,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';

const secret = 'thirty-two random bytes, at least';
const schema: BodySchema = { '~standard': { version: 1, validate: (value) => ({ value }) } };
const column: CutoffColumn = { table: 'users', id: 'id', name: 'cutoff' };

interface User extends AuthUser {
  id: number;
  role: 'member' | 'admin';
}

@Injectable()
class Users implements AuthUsers<User> {
  async validateCredentials(_username: string, _password: string): Promise<User | null> {
    return null;
  }
  isActive(_userId: string): boolean {
    return true;
  }
}

@Injectable()
class UsersInNeed implements AuthUsers {
  constructor(readonly source: DataSource) {}
  validateCredentials(): AuthUser | null {
    return null;
  }
  async isActive(): Promise<boolean> {
    return true;
  }
  findById(id: string): AuthUser {
    return { id };
  }
}

class LoginBody {
  email!: string;
  code?: string;
}

@Injectable()
class UsersByEmail implements AuthUsers<User, LoginBody> {
  async validateCredentials({ email, code }: LoginBody, request: AuthRequest): Promise<User | null> {
    return code === email + request.ip ? { id: 1, role: 'member' } : null;
  }
  isActive(_userId: string): boolean {
    return true;
  }
}

class UsersWithoutIsActive {
  validateCredentials(): null {
    return null;
  }
}

class UsersWithoutAnId {
  validateCredentials(): { name: string } {
    return { name: 'ada' };
  }
  isActive(): boolean {
    return true;
  }
}

/** The least that works, and the rest. */
export const modules = [
  AuthModule.forRoot({ secret }),
  AuthModule.forRoot({ secret: Buffer.alloc(32), users: Users }),
  AuthModule.forRoot({ secret, users: UsersInNeed }),
  AuthModule.forRoot({ secret, claims: (user: User) => ({ role: user.role }) }),
  AuthModule.forRoot({ secret, users: UsersByEmail, loginBody: LoginBody }),
  AuthModule.forRoot({ secret, users: UsersByEmail, loginBody: schema }),
  AuthModule.forRoot({ secret, claims: async ({ id }) => ({ id }) }),
  AuthModule.forRoot({ secret, database: { type: 'better-sqlite3', database: 'sessions.sqlite' } }),
  AuthModule.forRoot({ secret, database: new DataSource({ type: 'better-sqlite3', database: ':memory:' }) }),
  AuthModule.forRoot({ secret, isGlobal: false, controllers: false, prefix: 'api' }),
  AuthModule.forRoot({ secret, realm: 'admin' }),
  AuthModule.forRootAsync({ useFactory: () => ({ secret }), realm: 'admin' }),
  AuthModule.forRoot({
    secret,
    controllers: ['login', 'tokens', 'sessions'] as const,
    store: new MemorySessionStore(),
  }),
  AuthModule.forRoot({ secret, accessTtl: '5m', refreshTtl: 2_592_000_000, idleTimeout: null, maxSessions: null }),
  AuthModule.forRoot({ secret, purge: false, checkUser: 'request', whenFull: 'reject' }),
  AuthModule.forRoot({ secret, serverless: true, purge: { retention: '7d' } }),
  AuthModule.forRoot({ secret, transport: 'bearer' }),
  AuthModule.forRoot({ secret, revocation: { check: 'validTokenFrom', column } }),
  AuthModule.forRoot({
    secret,
    transport: 'both',
    cookies: { access: true, sameSite: 'lax', origins: ['https://a.example'] },
  }),
  AuthModule.forRootAsync({ useFactory: () => ({ secret }) }),
  AuthModule.forRootAsync({ inject: [DataSource], useFactory: async (database: DataSource) => ({ secret, database }) }),
  AuthModule.forRootAsync({ useFactory: () => ({ secret }), controllers: ['tokens'], isGlobal: false }),
];

/** What a compiler should catch before the app boots. */
export const refused = [
  // @ts-expect-error the secret is required
  AuthModule.forRoot({}),
  // @ts-expect-error a realm has a name
  AuthModule.forRoot({ secret, realm: true }),
  // @ts-expect-error the secret is no number
  AuthModule.forRoot({ secret: 42 }),
  // @ts-expect-error a process may be frozen or not
  AuthModule.forRoot({ secret, serverless: 'lambda' }),
  // @ts-expect-error there is no such option
  AuthModule.forRoot({ secret, acessTtl: '5m' }),
  // @ts-expect-error a duration has a unit
  AuthModule.forRoot({ secret, accessTtl: '5 minutes' }),
  // @ts-expect-error the users class answers isActive
  AuthModule.forRoot({ secret, users: UsersWithoutIsActive }),
  // @ts-expect-error a user has an id
  AuthModule.forRoot({ secret, users: UsersWithoutAnId }),
  // @ts-expect-error the form of a body is a class or a schema
  AuthModule.forRoot({ secret, users: UsersByEmail, loginBody: ['email'] }),
  // @ts-expect-error users is the class, not an instance
  AuthModule.forRoot({ secret, users: new Users() }),
  // @ts-expect-error claims are an object
  AuthModule.forRoot({ secret, claims: () => 'admin' }),
  // @ts-expect-error there is no such group of routes
  AuthModule.forRoot({ secret, controllers: ['session'] }),
  // @ts-expect-error there is no such rule
  AuthModule.forRoot({ secret, whenFull: 'wait' }),
  // @ts-expect-error purge is false or a schedule
  AuthModule.forRoot({ secret, purge: true }),
  // @ts-expect-error a column is found by the id of a user
  AuthModule.forRoot({ secret, revocation: { column: { table: 'users', name: 'cutoff' } } }),
  // @ts-expect-error there is no such transport
  AuthModule.forRoot({ secret, transport: 'cookies' }),
  // @ts-expect-error a cookie that other sites may send is no option
  AuthModule.forRoot({ secret, transport: 'cookie', cookies: { sameSite: 'none' } }),
  // @ts-expect-error origins are a list
  AuthModule.forRoot({ secret, transport: 'cookie', cookies: { origins: 'https://a.example' } }),
  // @ts-expect-error a factory gives the secret too
  AuthModule.forRootAsync({ useFactory: () => ({}) }),
  // @ts-expect-error the class of useClass makes the options
  AuthModule.forRootAsync({ useClass: Users }),
];

@Injectable()
class OptionsFactory implements AuthOptionsFactory {
  createAuthOptions(): AuthModuleOptions {
    return { secret };
  }
}
export const byClass = [
  AuthModule.forRootAsync({ useClass: OptionsFactory }),
  AuthModule.forRootAsync({ useExisting: OptionsFactory }),
];

// @ts-expect-error a users class answers isActive
export class HalfOfUsers implements AuthUsers {
  validateCredentials(): null {
    return null;
  }
}

export class UsersByName implements AuthUsers<User, LoginBody> {
  // @ts-expect-error a body comes as one
  validateCredentials(_username: string, _password: string): null {
    return null;
  }
  isActive(): boolean {
    return true;
  }
}

@Controller()
@UseGuards(JwtSessionGuard)
export class ProfileController {
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): string {
    // @ts-expect-error a claim is unknown until it was looked at
    const role: string = session.claims.role;
    // @ts-expect-error nobody changes who asks
    session.userId = role;
    return session.userId + session.guid;
  }

  @Public()
  @Get('open')
  open(): void {}
}
