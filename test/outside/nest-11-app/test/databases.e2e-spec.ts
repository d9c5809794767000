import { Test } from '@nestjs/testing';
import { createPool } from 'mysql2';
import { AuthModule, type AuthModuleOptions, AuthService, SessionRegistry } from 'nestjs-session-registry';
import { Pool } from 'pg';
import { SECRET } from './../src/secret';

/** The library loads a driver, or TypeORM, when it needs one: Jest gives it those of the app. */
const DATABASES: [string, () => Pick<AuthModuleOptions, 'database'>, (() => Promise<unknown>)?][] = [
  ['options of TypeORM', () => ({ database: { type: 'postgres', url: process.env.POSTGRES_URL } })],
  ...pools(),
];

function pools(): typeof DATABASES {
  const [pg, mysql] = [new Pool({ connectionString: process.env.POSTGRES_URL }), createPool(process.env.MARIADB_URL)];
  return [
    ['a Pool of pg', () => ({ database: pg }), () => pg.end()],
    ['a pool of mysql2', () => ({ database: mysql }), () => mysql.promise().end()],
  ];
}

describe.each(DATABASES)('on %s', (_name, options, end) => {
  afterAll(() => end?.());

  it('a session is kept, and ended', async () => {
    const auth = AuthModule.forRoot({ secret: SECRET, ...options() });
    const app = await Test.createTestingModule({ imports: [auth] }).compile();
    await app.init();
    const { access_token, session } = await app.get(AuthService).login('ada');
    expect(await app.get(AuthService).authenticate(access_token)).toMatchObject({ guid: session.guid });
    expect(await app.get(SessionRegistry).revoke('ada', session.guid)).toBe(true);
    await expect(app.get(AuthService).authenticate(access_token)).rejects.toMatchObject({ reason: 'session_ended' });
    await app.close();
  });
});
