/**
 * What the public types allow and what they refuse. Nothing here runs: `public-api.spec.ts` and `npm run typecheck`
 * compile it, and a refusal that went missing is an error of its own.
 */
import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  AuthError,
  AuthModule,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  type AuthRequest,
  AuthService,
  type AuthUser,
  type AuthUsers,
  Clock,
  ConfigurationError,
  type CookieOptions,
  CurrentSession,
  type CutoffColumn,
  type Duration,
  type EndedSessionView,
  type EndReason,
  JwtSessionGuard,
  MemorySessionStore,
  type PresentedToken,
  Public,
  type RefusalReason,
  SessionEvents,
  SessionRegistry,
  SessionStore,
  type SessionTransport,
  type SessionView,
  sessionEntities,
  sessionMigrations,
  type TokenPair,
  type TokenResponse,
} from 'nestjs-session-registry';
import { DataSource } from 'typeorm';

const secret = 'thirty-two random bytes, at least';
const column: CutoffColumn = { table: 'users', id: 'id', name: 'validTokenFrom' };

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
  AuthModule.forRoot({ secret, claims: async ({ id }) => ({ id }) }),
  AuthModule.forRoot({ secret, database: { type: 'better-sqlite3', database: 'sessions.sqlite' } }),
  AuthModule.forRoot({ secret, database: new DataSource({ type: 'better-sqlite3', database: ':memory:' }) }),
  AuthModule.forRoot({ secret, isGlobal: false, controllers: false, prefix: 'api' }),
  AuthModule.forRoot({
    secret,
    controllers: ['login', 'tokens', 'sessions'] as const,
    store: new MemorySessionStore(),
  }),
  AuthModule.forRoot({ secret, accessTtl: '5m', refreshTtl: 2_592_000_000, idleTimeout: null, maxSessions: null }),
  AuthModule.forRoot({ secret, purge: false, checkUser: 'request', whenFull: 'reject' }),
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
  // @ts-expect-error the secret is no number
  AuthModule.forRoot({ secret: 42 }),
  // @ts-expect-error there is no such option
  AuthModule.forRoot({ secret, acessTtl: '5m' }),
  // @ts-expect-error a duration has a unit
  AuthModule.forRoot({ secret, accessTtl: '5 minutes' }),
  // @ts-expect-error the users class answers isActive
  AuthModule.forRoot({ secret, users: UsersWithoutIsActive }),
  // @ts-expect-error a user has an id
  AuthModule.forRoot({ secret, users: UsersWithoutAnId }),
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
  AuthModule.forRoot({ secret, revocation: { column: { table: 'users', name: 'validTokenFrom' } } }),
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

export async function services(auth: AuthService, registry: SessionRegistry): Promise<void> {
  const ticket: number = await auth.beginLogin();
  const user: User = { id: 1, role: 'admin' };
  const pair: TokenPair = await auth.login(1, { ip: '192.0.2.1', headers: {} }, { ticket, user, deviceName: 'TV' });
  const bearer: 'Bearer' = pair.token_type;
  const session: ActiveSession = await auth.authenticate(pair.access_token);
  await auth.refresh(pair.refresh_token);
  await auth.logout({ accessToken: bearer });
  const disabled: number = await auth.disableUser(user.id);
  const views: SessionView[] = await registry.list(session.userId, { current: session.guid });
  const ended: EndedSessionView[] = await registry.listEnded(session.userId);
  const reason: EndReason | undefined = ended[0]?.endReason;
  const over: boolean = await registry.revoke(session.userId, session.guid, reason);
  await registry.credentialsChanged(session.userId, { keep: session.guid });
  const everybody: number = await registry.revokeEverybody('revoked_all');
  await registry.revoke(session.userId, session.guid, 'revoked', { accessTokens: true });
  const ofNumber: number =
    (await registry.list(42)).length + (await registry.revokeAll(42)) + (await registry.forget(42));
  await registry.revoke(42, session.guid);
  // @ts-expect-error a bigint is no user id
  await registry.list(1n);
  // @ts-expect-error everybody is not one user
  await registry.revokeAll(null);
  // @ts-expect-error there is no such option
  await registry.revoke(session.userId, session.guid, 'revoked', { accessToken: true });
  // @ts-expect-error a token pair has no refTokID
  pair.refTokID;
  // @ts-expect-error a view has no refTokID
  views[0]?.refTokID;
  // @ts-expect-error a live session has no end
  views[0]?.endedAt;
  // @ts-expect-error a session is revoked with its user
  await registry.revoke(session.guid);
  // @ts-expect-error there is no such reason
  await registry.revoke(session.userId, session.guid, 'bored');
  // @ts-expect-error the guid is made by the server
  await auth.login(1, undefined, { guid: 'mine' });
  use(disabled, over, everybody, ofNumber);
}

export const cookies: CookieOptions = { sameSite: 'strict' };

export async function transport(carrier: SessionTransport, auth: AuthService, request: AuthRequest): Promise<string> {
  carrier.admit(request);
  const presented: PresentedToken = carrier.requireRefreshToken(request, null);
  const pair: TokenPair = await auth.refresh(presented.token, request);
  const answer: TokenResponse = carrier.deliver(pair, request, {}, presented.way);
  const accessToken: string | undefined = carrier.accessToken(request);
  await auth.logout(carrier.signOutTokens(request));
  carrier.clear({});
  // @ts-expect-error a refresh token may travel in a cookie
  const refreshToken: string = answer.refresh_token;
  // @ts-expect-error there is no such way
  carrier.deliver(pair, request, {}, 'header');
  return accessToken ?? refreshToken;
}

export function events(bus: SessionEvents): () => void {
  bus.on('revoked', ({ userId, reason, count }) => use(userId, reason satisfies EndReason, count.toFixed()));
  bus.on('purged', async ({ count }) => use(count));
  bus.on('repeated', ({ client }) => use(client.userAgent?.length, client.ip));
  bus.on('suspected', ({ clients: [one, other], evidence }) => use(one.ip, other.ip, evidence === 'devices'));
  // @ts-expect-error a revocation of everybody names no user
  bus.on('revoked', ({ userId }) => use(userId.length));
  // @ts-expect-error a purge is of no user
  bus.on('purged', ({ userId }) => use(userId));
  // @ts-expect-error events carry no refTokID
  bus.on('renewed', ({ refTokID }) => use(refTokID));
  // @ts-expect-error there is no such event
  bus.on('signedOut', () => {});
  return bus.on('opened', ({ guid }) => use(guid));
}

export function errors(error: unknown): string {
  if (error instanceof ConfigurationError) return error.option;
  if (!(error instanceof AuthError)) return '';
  const reason: RefusalReason = error.reason;
  // @ts-expect-error there is no such code
  if (error.code === 'invalid') return reason;
  return error.code === 'unavailable' ? String(error.cause) : reason;
}

export const durations: Duration[] = ['500ms', '10s', '5m', '12h', '30d', 1000];
// @ts-expect-error a duration has a unit that is known
export const weeks: Duration = '2w';

export class FixedClock extends Clock {
  override now(): number {
    return 0;
  }
}

// @ts-expect-error a store answers every question of the port
export class HalfOfAStore extends SessionStore {
  override async currentTicket(): Promise<number> {
    return 0;
  }
}

export const dataSource = new DataSource({
  type: 'better-sqlite3',
  database: 'app.sqlite',
  entities: [...sessionEntities],
  migrations: [...sessionMigrations],
});

function use(..._: unknown[]): void {}
