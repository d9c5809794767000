import { ForbiddenException, HttpException, Injectable, Logger } from '@nestjs/common';
import type { ActiveSession } from 'nestjs-session-registry';
import { unavailable } from '../unavailable/unavailable.js';
import type { ChangePasswordDto } from './change-password.dto.js';
import { DueSignOuts } from './due-sign-outs.js';
import { type DueSignOut, UsersService } from './users.service.js';

const UNCHANGED = 'Your password could not be changed right now; try again';
const DUE =
  'Your password was changed, but your other devices are not signed out yet. That is tried until it is done; you can ' +
  'also try it again now, with the same passwords';

/** A change of password in two steps, each of which can be tried again. Every answer says how far it came. */
@Injectable()
export class PasswordChange {
  readonly #logger = new Logger('Users');

  constructor(
    private readonly users: UsersService,
    private readonly signOuts: DueSignOuts,
  ) {}

  /** Resolves to how many other devices were signed out. Throws 403 for a wrong password, or a 503 that says what was done. */
  async make({ userId, guid }: ActiveSession, passwords: ChangePasswordDto): Promise<number> {
    const due = await this.#store(userId, guid, passwords);
    if (!due) throw new ForbiddenException('This is not your current password');
    try {
      return await this.signOuts.settle(due);
    } catch (error) {
      this.#logger.error(`A password was changed, and the other sessions are not signed out yet: ${error}`);
      throw unavailable(DUE, 'sign_out_due', error);
    }
  }

  async #store(userId: string, keep: string, passwords: ChangePasswordDto): Promise<DueSignOut | undefined> {
    try {
      return await this.users.changePassword(userId, keep, passwords);
    } catch (error) {
      if (error instanceof HttpException) throw error;
      this.#logger.error(`A password could not be changed: ${error}`);
      throw unavailable(UNCHANGED, 'unavailable', error);
    }
  }
}
