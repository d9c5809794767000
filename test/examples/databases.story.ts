import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPair } from 'nestjs-session-registry';
import { Client, claimsOf } from '../support/client.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';
import { type Fault, TcpProxy } from '../support/tcp-proxy.js';
import type { ExampleCheckout, RunningExample } from './example-app.js';

/** Several processes over one database, of each kind, and a database that goes away. */
export function databasesStory(checkout: ExampleCheckout): void {
  describe.each(DATABASES)('three processes that start at once on a new database of %s', (kind) => {
    let database: TestDatabase;
    let clients: [Client, Client, Client];
    const stops: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      database = await createDatabase(kind);
      const REDIS_URL = process.env.TEST_REDIS_URL ?? '';
      const env = { DATABASE_URL: database.url, AUTH_SECRET: 'a secret that all three processes share', REDIS_URL };
      const apps = await Promise.all([1, 2, 3].map(() => checkout.start(env)));
      clients = apps.map(({ url }) => new Client(url)) as typeof clients;
      stops.push(...apps.map((app) => app.stop));
    });

    afterAll(async () => {
      await Promise.all(stops.map((stop) => stop()));
      await database.drop();
    });

    it('have the demo account once', async () => {
      const body = { username: 'Demo', password: 'demo-password' };
      const answers = await Promise.all(
        clients.map((client) => client.call<TokenPair>('POST', '/auth/login', { body })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const subjects = answers.map(({ body }) => claimsOf(body.access_token).sub);
      expect(new Set(subjects).size).toBe(1);
    });

    it('share users and every sign-out', async () => {
      const [one, two, three] = clients;
      const alan = { username: 'alan', password: 'alan-password' };
      expect((await one.call('POST', '/users', { body: alan })).status).toBe(201);
      expect((await two.call('POST', '/users', { body: { ...alan, username: 'ALAN' } })).status).toBe(409);
      // MySQL finds `alan` by this name: one more to guess a password by, if it were good enough to sign in.
      expect((await two.call('POST', '/auth/login', { body: { ...alan, username: 'alán' } })).status).toBe(401);
      const pair = await two.signIn('alan');
      expect((await three.profile(pair.access_token)).status).toBe(200);
      expect((await three.logout({ token: pair.access_token })).status).toBe(204);
      expect((await one.profile(pair.access_token)).status).toBe(401);
    });

    it('refuse a name that no database stores', async () => {
      const body = { username: 'n\0body', password: 'wrong password' };
      expect((await clients[0].call('POST', '/auth/login', { body })).status).toBe(401);
    });
  });

  describe.each(DATABASES.filter((kind) => kind !== 'sqlite'))('the reference app cut off from %s', (kind) => {
    let database: TestDatabase;
    let proxy: TcpProxy;
    let app: RunningExample;
    let client: Client;

    beforeAll(async () => {
      database = await createDatabase(kind);
      const way = await TcpProxy.before(database.url);
      proxy = way.proxy;
      app = await checkout.start({ DATABASE_URL: way.url });
      client = new Client(app.url);
    });

    afterAll(async () => {
      await app.stop();
      await proxy.stop();
      await database.drop();
    });

    it.each<Fault>(['down', 'hang', 'reset'])('answers 503, and serves again after it (%s)', async (fault) => {
      const name = `user-${fault}`;
      const signUp = (username: string) =>
        client.call('POST', '/users', { body: { username, password: `${username}-password` } });
      expect((await signUp(name)).status).toBe(201);
      const pair = await client.signIn(name);
      await proxy.become(fault);
      const answers = await Promise.all([
        signUp(`${name}-2`),
        client.login(name),
        client.refresh(pair.refresh_token),
        client.profile(pair.access_token),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
      await proxy.become('none');
      await eventually(async () => expect((await client.refresh(pair.refresh_token)).status).toBe(200));
      await eventually(async () => expect((await signUp(`${name}-3`)).status).toBe(201));
    });
  });
}

async function eventually(expectation: () => Promise<void>, tries = 50): Promise<void> {
  for (; tries > 1; tries--) {
    try {
      return await expectation();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  await expectation();
}
