import type { EndedSessionView, SessionView, TokenPair } from 'nestjs-session-registry';

/** An answer, read to its end. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
  /** The body as it came. */
  text: string;
}

export interface ErrorBody {
  statusCode: number;
  error: string;
  message: string;
  code: string;
}

interface Call {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** The HTTP contract as a client sees it. */
export class Client {
  constructor(readonly baseUrl: string) {}

  async call<T = unknown>(method: string, path: string, { token, body, headers = {} }: Call = {}): Promise<Answer<T>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        'user-agent': CHROME,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) as T, text };
  }

  login(username: string, extra: { deviceName?: string; headers?: Record<string, string> } = {}) {
    const { headers = {}, ...body } = extra;
    const credentials = { username, password: `${username}-password`, ...body };
    return this.call<TokenPair>('POST', '/auth/login', { body: credentials, headers });
  }

  /** Signs in and gives the pair; fails loudly if it was refused. */
  async signIn(
    username = 'ada',
    extra: { deviceName?: string; headers?: Record<string, string> } = {},
  ): Promise<TokenPair> {
    const { status, body } = await this.login(username, extra);
    if (status !== 200) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  refresh<T = TokenPair>(refresh_token: string) {
    return this.call<T>('POST', '/auth/refresh', { body: { refresh_token } });
  }

  profile<T = { userId: string; guid: string }>(token: string) {
    return this.call<T>('GET', '/profile', { token });
  }

  list(token: string) {
    return this.call<SessionView[]>('GET', '/sessions', { token });
  }

  listEnded(token: string) {
    return this.call<EndedSessionView[]>('GET', '/sessions?state=ended', { token });
  }

  logout(call: Call) {
    return this.call('POST', '/auth/logout', call);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** The header of a token, unverified. */
export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
