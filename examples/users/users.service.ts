import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable } from '@nestjs/common';
import type { AuthUsers } from 'nestjs-session-registry';
import { DataSource, IsNull, Not, QueryFailedError, type Repository } from 'typeorm';
import { unavailable } from '../unavailable/unavailable.js';
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

/** A user whose sessions are all to be signed out but one, since that password was stored. */
export interface DueSignOut {
  readonly userId: string;
  readonly keep: string;
  readonly passwordHash: string;
}

const TAKEN = 'This user name is taken';
const UNKNOWN = 'Nothing says yet whether your password was changed; try again with the same passwords';

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
   * Stores another password if the first is the current one, and notes in the same statement that every session but
   * `keep` is to be signed out; undefined if it is not. A second try with the same passwords is one more note: the answer
   * to the first may be lost. Throws a 503 where the statement gave no answer, since it may be done all the same.
   */
  async changePassword(userId: string, keep: string, passwords: ChangePasswordDto): Promise<DueSignOut | undefined> {
    const row = await inTime(this.#rows.findOneBy({ id: userId }));
    const passwordHash = row && (await nextHash(row.passwordHash, passwords));
    if (!passwordHash) return undefined;
    // Of two changes at once, the second was made with a password that is no more.
    const where = { id: userId, passwordHash: row.passwordHash };
    const update = this.#rows.update(where, { passwordHash, signOutAllBut: keep });
    const { affected } = await inTime(update).catch((error) => {
      throw unavailable(UNKNOWN, 'unavailable', error);
    });
    return affected === 1 ? { userId, keep, passwordHash } : undefined;
  }

  /** What is still to be signed out after a change of password, of some users. */
  async signOutsDue(): Promise<DueSignOut[]> {
    const rows = await inTime(this.#rows.find({ where: { signOutAllBut: Not(IsNull()) }, take: 100 }));
    return rows.map((row) => ({ userId: row.id, keep: row.signOutAllBut ?? '', passwordHash: row.passwordHash }));
  }

  /** Takes a note back, unless another change of password has left a new one. */
  async signedOut({ userId, keep, passwordHash }: DueSignOut): Promise<void> {
    await inTime(this.#rows.update({ id: userId, passwordHash, signOutAllBut: keep }, { signOutAllBut: null }));
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
