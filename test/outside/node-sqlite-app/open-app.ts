import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule, type AuthModuleOptions } from 'nestjs-session-registry';
import { SECRET } from '../common/secret.js';
import { Users } from '../common/users.js';

/** The app on a database, without HTTP. */
export function openApp(options: Pick<AuthModuleOptions, 'database'> = {}): Promise<INestApplicationContext> {
  @Module({ imports: [AuthModule.forRoot({ secret: SECRET, users: Users, ...options })] })
  class AppModule {}
  return NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error'], abortOnError: false });
}
