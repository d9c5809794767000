/** The tokens of this browser, and requests with them. Knows nothing of the page. */

import { waitFor } from './words.js';

const KEY = 'session';
const PATIENCE = 10_000;

/** This browser's session is over: only a new sign-in helps. */
export class SignedOut extends Error {}
/** The server gave no answer that counts: everything is as it was, and a later try may do. */
export class Unreachable extends Error {}
/** The server understood, and said no. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The stored tokens, or null when signed out. */
export function load() {
  const [access_token, refresh_token] = localStorage.getItem(KEY)?.split(' ') ?? [];
  return refresh_token ? { access_token, refresh_token } : null;
}

/** Calls `listener` when another tab signs in or out. */
export function onChangeElsewhere(listener) {
  addEventListener('storage', ({ key }) => (key === KEY || key === null) && listener());
}

/** The user name in the access token, one of the app's own claims. */
export function username() {
  const payload = load()?.access_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  if (!payload) return '';
  const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)).username ?? '';
}

export async function signUp(username, password) {
  await send('POST', '/users', { body: { username, password } });
}

export async function signIn(username, password) {
  save(await send('POST', '/auth/login', { body: { username, password }, token: load()?.access_token }));
}

/** Signs this device out. Only a stored sign-out forgets the tokens. */
export async function signOut() {
  try {
    await send('POST', '/auth/logout', { token: load()?.access_token });
  } catch (error) {
    // A sign-out that was put off ended nothing.
    if (!(error instanceof Refused) || error.status === 429) throw error;
  }
  forget();
}

/** Forgets the tokens, once their session has ended. */
export function forget() {
  localStorage.removeItem(KEY);
}

/** A request with the access token, which is renewed once if it no longer counts. */
export async function call(method, path, body) {
  const tokens = load();
  if (!tokens) throw new SignedOut();
  try {
    return await send(method, path, { body, token: tokens.access_token });
  } catch (error) {
    if (error.status !== 401) throw error;
  }
  const { access_token: token } = await renew(tokens);
  return send(method, path, { body, token });
}

/** One renewal at a time; who waited finds the work done by another request or another tab. */
function renew(stale) {
  return alone(async () => {
    const tokens = load();
    if (!tokens) throw new SignedOut();
    if (tokens.access_token !== stale.access_token) return tokens;
    try {
      const renewed = await send('POST', '/auth/refresh', { body: { refresh_token: tokens.refresh_token } });
      // A sign-out meanwhile stands.
      if (isStill(tokens)) save(renewed);
      return renewed;
    } catch (error) {
      if (error.status !== 401 && error.status !== 400) throw error;
      if (isStill(tokens)) forget();
      throw new SignedOut();
    }
  });
}

let last = Promise.resolve();

function alone(work) {
  // Browsers offer locks on HTTPS and localhost only; elsewhere the requests of this tab still take turns.
  if (navigator.locks) return navigator.locks.request('session-renewal', work);
  const turn = last.then(work);
  last = turn.catch(() => {});
  return turn;
}

function isStill(tokens) {
  return load()?.refresh_token === tokens.refresh_token;
}

function save({ access_token, refresh_token }) {
  localStorage.setItem(KEY, `${access_token} ${refresh_token}`);
}

async function send(method, path, { body, token } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const { response, answer } = await exchange(path, { method, headers, body: body && JSON.stringify(body) });
  if (response.ok) return answer;
  if (response.status >= 500) throw new Unreachable('The server cannot answer right now. Nothing was changed.');
  if (response.status === 429) throw new Refused(429, waitFor(response.headers.get('retry-after')));
  throw new Refused(response.status, sentence(answer?.message));
}

async function exchange(path, request) {
  try {
    const response = await fetch(path, { ...request, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    return { response, answer: text ? JSON.parse(text) : undefined };
  } catch {
    throw new Unreachable('The server cannot be reached. Check your connection.');
  }
}

function sentence(message = 'The server said no') {
  const text = [message].flat().join('. ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
