import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthModule, type AuthModuleOptions } from 'nestjs-session-registry';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { DatabaseModule } from './database.module.js';
import { Environment } from './environment/environment.js';
import { LimitsModule } from './limits/limits.module.js';
import { pageFiles } from './page/page-files.middleware.js';
import { ProfileController } from './profile.controller.js';
import { UnavailableFilter } from './unavailable/unavailable.filter.js';
import { UsersModule } from './users/users.module.js';
import { type User, UsersService } from './users/users.service.js';

/** The app: its users, its database, a page, limits to failures, and the sessions of AuthModule. */
@Module({
  imports: [
    DatabaseModule,
    UsersModule,
    LimitsModule,
    AuthModule.forRootAsync({ inject: [Environment], useFactory: authOptions }),
  ],
  controllers: [ProfileController],
  providers: [{ provide: APP_FILTER, useClass: UnavailableFilter }],
})
export class AppModule implements NestModule {
  /** The app in this environment, which every module may ask for. */
  static in(environment: Environment): DynamicModule {
    const provider = { provide: Environment, useValue: environment };
    return { module: AppModule, global: true, providers: [provider], exports: [provider] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(pageFiles()).forRoutes('{*path}');
  }
}

function authOptions(environment: Environment): AuthModuleOptions {
  const { secret, database, accessTtl, refreshTtl, reuseInterval, redisUrl } = environment;
  return {
    secret: secret.value,
    users: UsersService,
    database: database.options,
    accessTtl,
    refreshTtl,
    reuseInterval,
    ...(redisUrl && { revocation: { hotCopy: new SessionRedis({ url: redisUrl }) } }),
    claims: ({ username }: User) => ({ username }),
  };
}
