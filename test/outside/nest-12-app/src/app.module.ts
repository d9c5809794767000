import { type DynamicModule, Module } from '@nestjs/common';
import { ProfileController } from './profile.controller.js';
import { UsersService } from './users.service.js';

@Module({ controllers: [ProfileController], providers: [UsersService] })
class AppModule {}

/** The app, with the sign-in that it is given. */
export function appWith(auth: DynamicModule): DynamicModule {
  return { module: AppModule, imports: [auth] };
}
