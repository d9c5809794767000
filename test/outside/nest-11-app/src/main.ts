import { NestFactory } from '@nestjs/core';
import { AuthModule } from 'nestjs-session-registry';
import { Pool } from 'pg';
import { appWith } from './app.module';
import { SECRET } from './secret';
import { UsersService } from './users.service';

async function bootstrap() {
  const database = new Pool({ connectionString: process.env.POSTGRES_URL });
  const auth = AuthModule.forRoot({ secret: SECRET, users: UsersService, database });
  const app = await NestFactory.create(appWith(auth), { logger: ['warn', 'error'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}
void bootstrap();
