import { Injectable } from '@nestjs/common';
import type { AuthUsers } from 'nestjs-session-registry';

export interface TestUser {
  id: string;
  username: string;
  role: string;
}

/** Users whose password is their name and `-password`; `gate` lets a test hold a password check. */
@Injectable()
export class TestUsers implements AuthUsers<TestUser> {
  readonly inactive = new Set<string>();
  readonly roles = new Map<string, string>();
  gate: Promise<unknown> = Promise.resolve();
  /** Called as a password check begins, before it waits at the gate. */
  onCheck: () => void = () => {};
  activeQuestions = 0;

  async validateCredentials(username: string, password: string): Promise<TestUser | null> {
    this.onCheck();
    await this.gate;
    return password === `${username}-password` ? this.findById(`id-of-${username}`) : null;
  }

  isActive(userId: string): boolean {
    this.activeQuestions += 1;
    return !this.inactive.has(userId);
  }

  findById(id: string): TestUser {
    return { id, username: id.replace('id-of-', ''), role: this.roles.get(id) ?? 'member' };
  }
}
