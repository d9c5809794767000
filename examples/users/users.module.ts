import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.js';
import { DemoAccount } from './demo-account.js';
import { PasswordChange } from './password-change.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** The app's own users: the library never sees their passwords. */
@Module({
  controllers: [UsersController, AccountController],
  providers: [UsersService, DemoAccount, PasswordChange],
})
export class UsersModule {}
