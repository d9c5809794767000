import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { AuthModule } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { listen } from '../common/listen.js';
import { ProfileController } from '../common/profile.controller.js';
import { SECRET } from '../common/secret.js';
import { Users } from '../common/users.js';
import { dataSource } from './data-source.js';

@Global()
@Module({
  providers: [{ provide: DataSource, useFactory: () => dataSource.initialize() }],
  exports: [DataSource],
})
class DatabaseModule {}

@Module({
  imports: [DatabaseModule, AuthModule.forRoot({ secret: SECRET, users: Users })],
  controllers: [ProfileController],
})
class AppModule {}

void listen(AppModule);
