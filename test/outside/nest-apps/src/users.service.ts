import { Injectable } from '@nestjs/common';
import type { AuthUsers } from 'nestjs-session-registry';

/** Users whose password is their name and `-password`. */
@Injectable()
export class UsersService implements AuthUsers {
  validateCredentials(username: string, password: string) {
    return password === `${username}-password` ? { id: username } : null;
  }

  isActive() {
    return true;
  }
}
