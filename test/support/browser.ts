import { request } from 'node:http';
import { AuthError, type RefusalReason } from 'nestjs-session-registry';
import { Refusals } from '../../src/http/refusals.js';
import type { TestApp } from './app.js';
import type { Answer, Client } from './client.js';

export const REFRESH = '__Host-refresh_token';
export const ACCESS = '__Host-access_token';

/** A Set-Cookie line taken apart; attribute names in lower case. */
export interface SetCookieLine {
  name: string;
  value: string;
  attributes: Record<string, string | true>;
}

/** The cookies an answer sets, in their order. */
export function setCookiesOf({ headers }: Answer): SetCookieLine[] {
  return headers.getSetCookie().map((line) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    return {
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      attributes: Object.fromEntries(
        attributes.map((attribute) => {
          const [name = '', value] = attribute.split('=');
          return [name.toLowerCase(), value ?? true];
        }),
      ),
    };
  });
}

/** A browser on a page of the app: keeps its cookies, and says where its requests come from. */
export class Browser {
  readonly jar = new Map<string, string>();

  constructor(
    readonly client: Client,
    readonly says: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ) {}

  async call<T = unknown>(
    method: string,
    path: string,
    { headers = {}, ...call }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const sent = { ...this.says, ...(this.jar.size > 0 && { cookie: this.cookie }), ...headers };
    const answer = await this.client.call<T>(method, path, { ...call, headers: sent });
    this.take(answer);
    return answer;
  }

  /** The Cookie header of its requests. */
  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Puts what an answer sets into the jar. */
  take(answer: Answer): void {
    for (const { name, value, attributes } of setCookiesOf(answer)) {
      if (Number(attributes['max-age']) > 0) this.jar.set(name, value);
      else this.jar.delete(name);
    }
  }

  login(username = 'ada', headers: Record<string, string> = {}) {
    const body = { username, password: `${username}-password` };
    return this.call<{ access_token?: string; session: { guid: string } }>('POST', '/auth/login', { body, headers });
  }

  refresh() {
    return this.call<{ access_token?: string; session: { guid: string } }>('POST', '/auth/refresh');
  }
}

/** Sends a request with these headers as they stand: several of a name, and any Host. */
export function sendRaw(app: TestApp, method: string, path: string, headers: string[]): Promise<Answer> {
  const { hostname, port, host } = new URL(app.client.baseUrl);
  const named = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const lines = [...(named ? [] : ['Host', host]), 'Content-Length', '0', 'Connection', 'close', ...headers];
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: lines }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headersDistinct))
          for (const one of value ?? []) received.append(name, one);
        const body: unknown = text === '' ? text : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, headers: received, body, text });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The reasons of all refusals from now on, in their order. */
export function watchRefusals({ nest }: TestApp): RefusalReason[] {
  const reasons: RefusalReason[] = [];
  const refusals = nest.get(Refusals);
  const report = refusals.report.bind(refusals);
  refusals.report = (error) => {
    if (error instanceof AuthError) reasons.push(error.reason);
    return report(error);
  };
  return reasons;
}
