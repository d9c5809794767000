import { type ExecutionContext, RequestMethod } from '@nestjs/common';
import { usernameKey } from '../users/usernames.js';

/** What is limited. */
export type Action = 'sign up' | 'sign in' | 'renew' | 'revoke' | 'change password';

/** The part of a request that is looked at; requests of Express and of Fastify both have this shape. */
export interface LimitedRequest {
  readonly ip?: string;
  readonly headers: { readonly authorization?: string };
  readonly body?: unknown;
}

/** The routes of AuthModule as it declares them, and the app's own that take a password. */
const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['POST auth/login', 'sign in'],
  ['POST auth/refresh', 'renew'],
  ['POST auth/logout', 'revoke'],
  ['DELETE sessions', 'revoke'],
  ['DELETE sessions/:guid', 'revoke'],
  ['POST users', 'sign up'],
  ['PATCH account/password', 'change password'],
]);
/** Longer ones are refused unread. */
const MAX_USERNAME = 255;
const MAX_TOKEN = 4_096;

/** What a request is about to do. Asks the route and not the URL: `/AUTH/login/` leads to the same route. */
export function actionOf(context: ExecutionContext): Action | undefined {
  const [controller, handler] = [context.getClass(), context.getHandler()];
  const [folder, path]: unknown[] = [controller, handler].map((part) => Reflect.getMetadata('path', part));
  const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
  return ACTIONS.get(`${method} ${folder}/${path}`.replace(/\/+$/, ''));
}

/** The account a sign-in is for, in the form in which the app looks it up. */
export function namedAccount({ body }: LimitedRequest): string | undefined {
  const username = textIn(body, 'username');
  return username === undefined ? undefined : usernameKey(username.slice(0, MAX_USERNAME));
}

/** The session that the token of a request names. Nobody has verified it yet. */
export function namedSession({ body, headers }: LimitedRequest): string | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return guidIn(textIn(body, 'refresh_token') ?? bearer);
}

function guidIn(token: string | undefined): string | undefined {
  if (token === undefined || token.length > MAX_TOKEN) return undefined;
  try {
    return textIn(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()), 'guid');
  } catch {
    return undefined;
  }
}

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const text = (value as Record<string, unknown>)[name];
  return typeof text === 'string' ? text : undefined;
}
