import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthModule, MemorySessionStore } from 'nestjs-session-registry';
import request from 'supertest';
import type { App } from 'supertest/types';
import { appWith } from './../src/app.module';
import { SECRET } from './../src/secret';
import { UsersService } from './../src/users.service';

describe('AppModule (e2e)', () => {
  let app: INestApplication<App>;

  beforeAll(async () => {
    const auth = AuthModule.forRoot({ secret: SECRET, users: UsersService, store: MemorySessionStore });
    const testing = await Test.createTestingModule({ imports: [appWith(auth)] }).compile();
    app = testing.createNestApplication();
    await app.init();
  });

  afterAll(() => app.close());

  it('signs in, and is let in until it signs out', async () => {
    const server = app.getHttpServer();
    const credentials = { username: 'ada', password: 'ada-password' };
    const { body } = await request(server).post('/auth/login').send(credentials).expect(200);
    const bearer = `Bearer ${body.access_token}`;
    await request(server)
      .get('/profile')
      .set('Authorization', bearer)
      .expect(200, { userId: 'ada', guid: body.session.guid, claims: {} });
    await request(server).get('/devices').set('Authorization', bearer).expect(200, '1');
    await request(server).post('/auth/logout').set('Authorization', bearer).expect(204);
    const { body: refusal } = await request(server).get('/profile').set('Authorization', bearer).expect(401);
    expect(refusal.code).toBe('invalid_token');
  });

  it('refuses a wrong password', async () => {
    const credentials = { username: 'ada', password: 'wrong' };
    const { body } = await request(app.getHttpServer()).post('/auth/login').send(credentials).expect(401);
    expect(body.code).toBe('invalid_credentials');
  });
});
