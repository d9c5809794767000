import { ConflictException, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UsersService } from './users.service.js';

/** The account everybody may use. */
export const DEMO = { username: 'demo', password: 'demo-password' };

/** Creates the demo account at start, if it is missing. */
@Injectable()
export class DemoAccount implements OnApplicationBootstrap {
  constructor(private readonly users: UsersService) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.users.isTaken(DEMO.username)) return;
    try {
      await this.users.create(DEMO.username, DEMO.password);
    } catch (error) {
      // Another process that started at the same time was faster.
      if (!(error instanceof ConflictException)) throw error;
    }
  }
}
