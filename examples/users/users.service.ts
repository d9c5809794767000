import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable } from '@nestjs/common';
import type { AuthUsers } from 'nestjs-session-registry';
import { DataSource, QueryFailedError, type Repository } from 'typeorm';
import type { ChangePasswordDto } from './change-password.dto.js';
import { inTime } from './in-time.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { UserEntity } from './user.entity.js';
import { cleanUsername, USERNAME, usernameKey } from './usernames.js';

/** A user without what nobody else should see. */
export interface User {
  id: string;
  username: string;
}

/** A password that may be stored: the hash it replaces, and its own. */
export interface NewPassword {
  readonly from: string;
  readonly to: string;
}

const TAKEN = 'This user name is taken';

/** The users of this app, and the answers AuthModule asks for. */
@Injectable()
export class UsersService implements AuthUsers<User> {
  readonly #rows: Repository<UserEntity>;

  constructor(dataSource: DataSource) {
    this.#rows = dataSource.getRepository(UserEntity);
  }

  /** Signs a user up. Throws a ConflictException when the name is taken. */
  async create(username: string, password: string): Promise<User> {
    if (await this.isTaken(username)) throw new ConflictException(TAKEN);
    const row = {
      id: randomUUID(),
      username: cleanUsername(username),
      usernameKey: usernameKey(username),
      passwordHash: await hashPassword(password),
    };
    try {
      await inTime(this.#rows.insert(row));
    } catch (error) {
      // Only the unique index can tell which of two sign-ups at once came first.
      if (error instanceof QueryFailedError && (await this.isTaken(username))) {
        throw new ConflictException(TAKEN);
      }
      throw error;
    }
    return toUser(row);
  }

  async isTaken(username: string): Promise<boolean> {
    return (await this.#findByName(username)) !== null;
  }

  async validateCredentials(username: string, password: string): Promise<User | null> {
    const found = await this.#findByName(username);
    // Some databases take á for a; each way to write a name would bring another twenty guesses at its password.
    const row = found?.usernameKey === usernameKey(username) ? found : null;
    // An unknown name takes as long as a wrong password, so that neither tells who has an account.
    const right = await verifyPassword(password, row?.passwordHash);
    return row && right ? toUser(row) : null;
  }

  /**
   * What to store for another password, if the first is the current one; otherwise undefined. Where the second is stored
   * already, it stays: the answer to the first try may be lost.
   */
  async newPassword(userId: string, passwords: ChangePasswordDto): Promise<NewPassword | undefined> {
    const row = await inTime(this.#rows.findOneBy({ id: userId }));
    const to = row && (await nextHash(row.passwordHash, passwords));
    return to ? { from: row.passwordHash, to } : undefined;
  }

  isActive(userId: string): Promise<boolean> {
    return inTime(this.#rows.existsBy({ id: userId }));
  }

  async findById(userId: string): Promise<User | null> {
    const row = await inTime(this.#rows.findOneBy({ id: userId }));
    return row && toUser(row);
  }

  async #findByName(username: string): Promise<UserEntity | null> {
    // A database may choke on what no user can be named, such as a NUL.
    if (!USERNAME.test(cleanUsername(username))) return null;
    return inTime(this.#rows.findOneBy({ usernameKey: usernameKey(username) }));
  }
}

/** The hash to store: a new one, the one that is there where the change was made already, or none for a wrong password. */
async function nextHash(stored: string, { password, newPassword }: ChangePasswordDto): Promise<string | undefined> {
  if (await verifyPassword(password, stored)) return hashPassword(newPassword);
  return (await verifyPassword(newPassword, stored)) ? stored : undefined;
}

function toUser({ id, username }: User): User {
  return { id, username };
}
