import type { ClientSessions } from '../client/session-client.js';
import type { Board } from './board.js';

interface Change {
  turn: number;
  apply: () => boolean;
}

/**
 * Reads both lists onto a board. Answers may arrive late and out of order: only the answer to a later request replaces
 * an earlier answer, and changes made after a request was sent are applied again on top of its answer.
 */
export class Reader {
  #turn = 0;
  #shown = 0;
  #changes: Change[] = [];

  constructor(
    private readonly sessions: ClientSessions,
    private readonly board: Board,
  ) {}

  /** Resolves to false if a later answer is shown already, also if this one failed. */
  async read(limit: number): Promise<boolean> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const [live, ended] = await Promise.all([this.sessions.list(limit), this.sessions.ended()]);
      if (turn < this.#shown) return false;
      this.#shown = turn;
      this.board.replace(live, ended);
      this.#changes = this.#changes.filter((change) => change.turn >= turn);
      for (const { apply } of this.#changes) apply();
      return true;
    } catch (error) {
      if (turn < this.#shown) return false;
      throw error;
    }
  }

  /** Makes a change that pending answers may not contain. */
  note(apply: () => boolean): boolean {
    this.#changes.push({ turn: this.#turn, apply });
    return apply();
  }

  /** Ignores the answers to all requests sent until now. */
  forget(): void {
    this.#turn += 1;
    this.#shown = this.#turn;
  }
}
