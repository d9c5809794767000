/**
 * What the public types of the services, events and errors allow and what they refuse. Nothing here runs:
 * `npm run typecheck` compiles it, and a refusal that went missing is an error of its own.
 */
import type { CanActivate, INestApplication, Type } from '@nestjs/common';
import {
  type ActiveSession,
  AuthError,
  type AuthRequest,
  AuthService,
  type AuthUser,
  Clock,
  ConfigurationError,
  type CookieOptions,
  type Duration,
  type EndedSessionView,
  type EndReason,
  inRealm,
  JwtSessionGuard,
  type PresentedToken,
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
import type { SessionClient } from 'nestjs-session-registry/client';
import { DataSource } from 'typeorm';

interface User extends AuthUser {
  id: number;
  role: 'member' | 'admin';
}

export async function services(auth: AuthService, registry: SessionRegistry): Promise<void> {
  const ticket: number = await auth.currentTicket();
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
  const objectId = { toHexString: () => '65f0a1b2c3d4e5f6a7b8c9d0' };
  await registry.list(1n);
  await registry.list(objectId);
  // @ts-expect-error an object without a text of its own is no user id
  await registry.list({ id: 1 });
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

export async function signIn(client: SessionClient): Promise<void> {
  await client.login({ username: 'ada', password: 'correct horse' });
  await client.login<{ email: string }>({ email: 'ada@example.com' });
  // @ts-expect-error the form of a sign-in is a name and a password, unless another one is named
  await client.login({ email: 'ada@example.com', password: 'correct horse' });
  // @ts-expect-error a form that was named holds
  await client.login<{ email: string }>({ mail: 'ada@example.com' });
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

/** The classes of a realm have the types of those they stand for. */
export function realms(app: INestApplication): [AuthService, string | undefined, CanActivate] {
  const auth = app.get(inRealm('admin', AuthService));
  const guard: Type<JwtSessionGuard> = inRealm('admin', JwtSessionGuard);
  const registry: SessionRegistry = app.get(inRealm('admin', SessionRegistry));
  const store: SessionStore = app.get(inRealm('admin', SessionStore));
  // @ts-expect-error it stands for another service
  const other: Type<SessionRegistry> = inRealm('admin', AuthService);
  // @ts-expect-error a realm has a name
  inRealm(undefined, AuthService);
  return [auth, auth.realm ?? String([registry, store, other]), app.get(guard)];
}
