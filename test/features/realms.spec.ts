import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthService, inRealm, SessionEvents, type TokenPair } from 'nestjs-session-registry';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { claimsOf, type Client } from '../support/client.js';
import { EventReader } from '../support/event-reader.js';
import { TestUsers } from '../support/users.js';
import { openWorld, type World, type WorldShape } from './realms-world.js';

const SHAPES: [name: string, kind: DatabaseKind, shape: WorldShape][] = [
  ['customers last, on Express and SQLite', 'sqlite', { adapter: 'express', last: 'customers' }],
  ['administrators last, on Fastify and SQLite', 'sqlite', { adapter: 'fastify', last: 'admins' }],
  ['customers last by forRootAsync, on Fastify and PostgreSQL', 'postgres', { adapter: 'fastify', isAsync: true }],
  ['administrators last, on Express and PostgreSQL', 'postgres', { adapter: 'express', last: 'admins' }],
  ['administrators last by forRootAsync, on Express and MariaDB', 'mysql', { last: 'admins', isAsync: true }],
];

describe.each(SHAPES)('two realms with one secret and one database: %s', (_, kind, shape) => {
  let database: TestDatabase;
  let world: World;
  let customer: TokenPair;
  let admin: TokenPair;

  beforeAll(async () => {
    database = await createDatabase(kind);
    world = await openWorld({ ...shape, options: { database: database.options } });
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });
  beforeEach(async () => {
    await world.shop.registry.revokeAll('id-of-ada');
    await world.office.registry.revokeAll('id-of-ada');
    customer = await world.customers.signIn('ada');
    admin = await world.admins.signIn('ada');
  });

  const get = (path: string, { access_token: token }: TokenPair) => world.root.call<object>('GET', path, { token });
  const guidsOf = async (client: Client, { access_token }: TokenPair) =>
    (await client.list(access_token)).body.map(({ guid }) => guid);

  it('have tokens of their own names', () => {
    expect(claimsOf(customer.access_token)).toMatchObject({
      iss: 'nestjs-session-registry',
      aud: 'nestjs-session-registry',
    });
    expect(claimsOf(admin.access_token)).toMatchObject({
      iss: 'nestjs-session-registry/admin',
      aud: 'nestjs-session-registry/admin',
    });
  });

  it.each(['/profile', '/passport/profile', '/sessions', '/office/mixed-up'])('%s is for customers', async (path) => {
    expect((await get(path, customer)).status).toBe(200);
    expect(await get(path, admin)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  });

  it.each(['/office/profile', '/office/passport/profile', '/office/closed', '/admin/sessions'])(
    '%s is for administrators',
    async (path) => {
      expect((await get(path, admin)).status).toBe(200);
      expect(await get(path, customer)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    },
  );

  it('give the routes the session of their realm, and of no other', async () => {
    const { guid } = admin.session;
    const session = { userId: 'id-of-ada', guid, claims: {}, realm: 'admin' };
    expect((await get('/office/profile', admin)).body).toEqual(session);
    expect((await get('/office/passport/profile', admin)).body).toEqual(session);
    expect((await get('/profile', customer)).body).toEqual({
      userId: 'id-of-ada',
      guid: customer.session.guid,
      claims: {},
    });
    expect((await get('/office/mixed-up', customer)).body).toEqual({ session: null });
    expect((await get('/office/unnamed', admin)).status).toBe(500);
  });

  it('have decorators that speak to the guard of one realm', async () => {
    expect((await world.root.call('GET', '/office/open')).body).toEqual({ guest: true });
    expect((await world.root.call('GET', '/office/closed')).status).toBe(401);
    expect((await world.root.call('GET', '/office/for-both')).body).toEqual({ guest: true });
    expect((await get('/office/for-both', admin)).body).toEqual({ guest: false });
    expect((await get('/office/for-both', customer)).status).toBe(401);
    await world.admins.logout({ token: admin.access_token });
    expect((await get('/office/cheap', admin)).status).toBe(200);
    expect((await get('/office/strict', admin)).status).toBe(401);
  });

  it('list the sessions of their own users', async () => {
    expect(await guidsOf(world.customers, customer)).toEqual([customer.session.guid]);
    expect(await guidsOf(world.admins, admin)).toEqual([admin.session.guid]);
    expect((await world.shop.registry.list('id-of-ada')).map(({ guid }) => guid)).toEqual([customer.session.guid]);
  });

  it('renew at their own route only', async () => {
    for (const [client, { refresh_token }] of [
      [world.customers, admin],
      [world.admins, customer],
    ] as const)
      expect(await client.refresh(refresh_token)).toMatchObject({ status: 401, body: { code: 'invalid_grant' } });
    expect((await world.customers.refresh(customer.refresh_token)).status).toBe(200);
    expect((await world.admins.refresh(admin.refresh_token)).status).toBe(200);
  });

  it('sign out at their own route only', async () => {
    expect(await world.admins.logout({ token: customer.access_token })).toMatchObject({ status: 401 });
    expect(await world.customers.logout({ body: { refresh_token: admin.refresh_token } })).toMatchObject({
      status: 401,
    });
    expect((await get('/profile', customer)).status).toBe(200);
    expect((await world.admins.logout({ token: admin.access_token })).status).toBe(204);
    expect((await get('/office/profile', admin)).status).toBe(401);
    expect((await get('/profile', customer)).status).toBe(200);
  });

  it('revoke their own sessions: one, the others, all and everybody', async () => {
    const path = (pair: TokenPair) => `/sessions/${pair.session.guid}`;
    const foreign = await world.customers.call('DELETE', path(admin), { token: customer.access_token });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await world.customers.signIn('ada');
    const others = await world.customers.call('DELETE', '/sessions?except=current', { token: customer.access_token });
    expect(others.body).toEqual({ revoked: 1 });
    const all = await world.customers.call('DELETE', '/sessions', { token: customer.access_token });
    expect(all.body).toEqual({ revoked: 1 });
    expect((await get('/office/profile', admin)).status).toBe(200);
    const again = await world.customers.signIn('ada');
    await world.office.registry.revokeEverybody();
    expect([(await get('/office/profile', admin)).status, (await get('/profile', again)).status]).toEqual([401, 200]);
  });

  it('tell the events of their own', async () => {
    const told: string[] = [];
    world.shop.events.on('opened', ({ guid }) => told.push(`customers ${guid}`));
    world.office.events.on('opened', ({ guid }) => told.push(`admins ${guid}`));
    const pair = await world.admins.signIn('bob');
    expect(told).toEqual([`admins ${pair.session.guid}`]);
  });

  it('stream what happens to their own', async () => {
    const foreign = await EventReader.open(world.admins.baseUrl, customer.access_token);
    expect(foreign.response.status).toBe(401);
    const reader = await EventReader.open(world.admins.baseUrl, admin.access_token);
    expect(reader.response.status).toBe(200);
    const [other, own] = [await world.customers.signIn('ada'), await world.admins.signIn('ada')];
    world.clock.advance(1_000);
    await reader.heard(({ session }) => session.guid === own.session.guid);
    expect(reader.events.map(({ session }) => session.guid)).not.toContain(other.session.guid);
    reader.leave();
  });

  it('are injected by their own tokens, and none shadows the other', () => {
    const { nest, shop, office } = world;
    expect(shop.auth).toBe(nest.get(AuthService));
    expect(office.auth).toBe(nest.get(inRealm('admin', AuthService)));
    expect([shop.auth.realm, office.auth.realm]).toEqual([undefined, 'admin']);
    expect(shop.registry).not.toBe(office.registry);
    expect(nest.get(SessionEvents)).toBe(shop.events);
  });

  it('answer refusals in routes of the app, and tell no other realm of them', async () => {
    world.nest.get(TestUsers).inactive.add('id-of-eve');
    const refused: string[] = [];
    world.shop.events.on('refused', ({ reason }) => refused.push(`customers ${reason}`));
    world.office.events.on('refused', ({ reason }) => refused.push(`admins ${reason}`));
    for (const [path, told] of [
      ['/office/sign-in', []],
      ['/office/sign-in-told', ['admins user_inactive']],
    ] as const) {
      const answer = await world.root.call('POST', path, { body: {} });
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(refused).toEqual(told);
    }
  });
});
