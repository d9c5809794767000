import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import mysql from 'mysql2';
import { AuthModule } from 'nestjs-session-registry';
import { appWith } from './app.module.js';
import { SECRET } from './secret.js';
import { UsersService } from './users.service.js';

async function bootstrap() {
  const database = mysql.createPool(process.env.MARIADB_URL ?? '');
  const auth = AuthModule.forRoot({ secret: SECRET, users: UsersService, database });
  const app = await NestFactory.create(appWith(auth), new FastifyAdapter(), { logger: ['warn', 'error'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}
await bootstrap();
