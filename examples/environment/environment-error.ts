/** A variable that keeps the app from starting; the message names it and says what to write instead. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(variable: string, problem: string, mend: string) {
    super(`${variable}: ${problem}. ${mend}.`);
  }
}
