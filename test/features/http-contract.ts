import { expect } from 'vitest';
import type { SessionView } from 'nestjs-session-registry';
import { type Adapter, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import type { Answer, ErrorBody } from '../support/client.js';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

export const START = '2026-01-01T00:00:00.000Z';
export const UNKNOWN_GUID = '00000000-0000-4000-8000-000000000000';
export const JWT = /[\w-]+\.[\w-]+\.[\w-]{20,}/g;
export const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
export const VIEW_KEYS = ['createdAt', 'current', 'device', 'expiresAt', 'guid', 'ip', 'lastActiveAt', 'name'];
export const NO_CREDENTIALS = 'Bearer';
export const BAD_CREDENTIALS = 'Bearer error="invalid_token"';
/** The app of the test under way. */
export let app: TestApp;

/** Starts the app of a test. */
export async function start(adapter: Adapter, options?: TestAppOptions['options']): Promise<void> {
  app = await startApp({ adapter, ...(options && { options }) });
}

/** An answer is a refusal of this status and code, in the one shape there is for it, and nothing for a cache. */
export function expectRefusal(answer: Answer<unknown>, status: number, code: string): void {
  const { message, ...body } = answer.body as ErrorBody;
  expect({ ...body, status: answer.status }).toEqual({ statusCode: status, error: TITLES[status], code, status });
  expect(message).toEqual(expect.stringMatching(/\w/));
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

/** What a client can tell two answers apart by. */
export function everythingSeen({ status, headers, text }: Answer<unknown>): object {
  return { status, text, headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')) };
}

/** The last character of a signature carries bits that are not used; the one before does not. */
export function tampered(token: string): string {
  const other = token.at(-2) === 'A' ? 'B' : 'A';
  return `${token.slice(0, -2)}${other}${token.slice(-1)}`;
}

/** Asks the app of the test. */
export const post = (path: string, body?: unknown) => app.client.call('POST', path, body === undefined ? {} : { body });
export const get = (path: string, token?: string) => app.client.call('GET', path, { token });
export const del = (path: string, token?: string) => app.client.call('DELETE', path, { token });

export const patch = (guid: string, body: unknown, token?: string) =>
  app.client.call<SessionView>('PATCH', `/sessions/${guid}`, { token, body });
