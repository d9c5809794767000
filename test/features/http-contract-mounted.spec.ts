import { afterEach, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { ADAPTERS } from '../support/app.js';
import { app, get, start, UNKNOWN_GUID } from './http-contract.js';

describe.each(ADAPTERS)('the routes mounted on %s', (adapter) => {
  afterEach(() => app.close());

  const ROUTES: Record<string, [string, string][]> = {
    login: [['POST', '/auth/login']],
    tokens: [
      ['POST', '/auth/refresh'],
      ['POST', '/auth/logout'],
    ],
    sessions: [
      ['GET', '/sessions'],
      ['PATCH', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', `/sessions/${UNKNOWN_GUID}`],
      ['DELETE', '/sessions'],
    ],
  };

  async function mounted(prefix = ''): Promise<string[]> {
    const groups: string[] = [];
    for (const [group, routes] of Object.entries(ROUTES)) {
      const statuses: number[] = [];
      for (const [method, path] of routes) statuses.push((await app.client.call(method, prefix + path)).status);
      const absent = statuses.filter((status) => status === 404).length;
      expect([0, statuses.length]).toContain(absent);
      if (absent === 0) groups.push(group);
    }
    return groups;
  }

  it('are all of them, by default', async () => {
    await start(adapter);
    expect(await mounted()).toEqual(['login', 'tokens', 'sessions']);
  });

  it('lie beneath the prefix, and only there', async () => {
    await start(adapter, { prefix: 'api' });
    expect(await mounted('/api')).toEqual(['login', 'tokens', 'sessions']);
    expect(await mounted()).toEqual([]);
    const body = { username: 'ada', password: 'ada-password' };
    const { status, body: pair } = await app.client.call<TokenPair>('POST', '/api/auth/login', { body });
    expect(status).toBe(200);
    expect((await get('/api/sessions', pair.access_token)).body).toEqual([pair.session]);
    expect((await app.client.profile(pair.access_token)).status).toBe(200);
  });

  it('are none with controllers: false, and the guard and the services work all the same', async () => {
    await start(adapter, { controllers: false });
    expect(await mounted()).toEqual([]);
    const { access_token } = await app.auth.login('id-of-ada');
    expect((await app.client.profile(access_token)).status).toBe(200);
    expect(await app.registry.list('id-of-ada')).toHaveLength(1);
  });

  it('are those named in controllers', async () => {
    await start(adapter, { controllers: ['tokens', 'sessions'] });
    expect(await mounted()).toEqual(['tokens', 'sessions']);
  });

  it('are all except login if the app gives no users', async () => {
    await start(adapter, { users: undefined });
    expect(await mounted()).toEqual(['tokens', 'sessions']);
  });
});
