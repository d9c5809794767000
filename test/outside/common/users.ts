import type { AuthUsers } from 'nestjs-session-registry';

/** Users whose password is their name and `-password`. */
export class Users implements AuthUsers {
  validateCredentials(username: string, password: string) {
    return password === `${username}-password` ? { id: username } : null;
  }
  isActive() {
    return true;
  }
}
