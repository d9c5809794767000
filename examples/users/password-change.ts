import { ForbiddenException, Injectable, Logger } from '@nestjs/common';
import {
  type ActiveSession,
  type Companion,
  SessionRegistry,
  type SqlExecutor,
  type StoredCutoff,
} from 'nestjs-session-registry';
import { unavailable } from '../unavailable/unavailable.js';
import type { ChangePasswordDto } from './change-password.dto.js';
import { type NewPassword, UsersService } from './users.service.js';

const UNKNOWN = 'It is not known whether your password was changed; try again with the same passwords';
const STORE = 'UPDATE "users" SET "passwordHash" = ? WHERE "id" = ? AND "passwordHash" = ?';

/** A change of password. The new one and the sign-out of the other devices are stored together, or neither is. */
@Injectable()
export class PasswordChange {
  readonly #logger = new Logger('Users');

  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionRegistry,
  ) {}

  /**
   * Resolves to how many other devices were signed out. Throws 403 for a wrong password, and 503 if nobody knows whether it
   * was stored. It may be asked again with the same passwords.
   */
  async make({ userId, guid }: ActiveSession, passwords: ChangePasswordDto): Promise<number> {
    const password = await this.users.newPassword(userId, passwords);
    if (!password) throw refused();
    // Of two changes at once, the second was made with a password that is no more.
    let isOvertaken = false;
    const companion: Companion<StoredCutoff> = async (_cutoff, transaction) => {
      isOvertaken = !(await store(transaction as SqlExecutor, userId, password));
      if (isOvertaken) throw refused();
    };
    try {
      return await this.sessions.credentialsChanged(userId, { keep: guid, companion });
    } catch (error) {
      if (isOvertaken) throw refused();
      this.#logger.error(`A change of password failed: ${error}`);
      throw unavailable(UNKNOWN, 'unavailable', error);
    }
  }
}

async function store(transaction: SqlExecutor, userId: string, { from, to }: NewPassword): Promise<boolean> {
  return (await transaction.run(STORE, [to, userId, from])) === 1;
}

function refused(): ForbiddenException {
  return new ForbiddenException('This is not your current password');
}
