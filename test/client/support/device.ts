import { vi } from 'vitest';
import type { SessionClientError } from '../../../src/client.js';
import type { TestApp } from '../../support/app.js';

/** The clock of the device, which moves on with that of the server. */
export class DeviceClock {
  #ahead = 0;
  readonly #spy: { mockRestore(): void };

  constructor() {
    const now = Date.now;
    this.#spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + this.#ahead);
  }

  /** Lets time pass here and, where one is given, on a server. */
  pass(milliseconds: number, app?: TestApp): void {
    this.#ahead += milliseconds;
    app?.clock.advance(milliseconds);
  }

  close(): void {
    this.#spy.mockRestore();
  }
}

/** What an attempt of a client fails with; fails loudly where it does not. */
export async function errorOf(attempt: Promise<unknown>): Promise<SessionClientError> {
  try {
    await attempt;
  } catch (error) {
    return error as SessionClientError;
  }
  throw new Error('it did not fail');
}

/** The name and the password of a user of the test app. */
export function credentialsOf(username: string): { username: string; password: string } {
  return { username, password: `${username}-password` };
}
