/**
 * One case of a contract, for any test runner: `test(name, () => run(subject))`. If the subject breaks the contract, `run`
 * rejects with an `AssertionError` of `node:assert`.
 */
export interface ContractCase<Subject> {
  /** What the case promises, in one line. Unique within a contract. */
  readonly name: string;
  run(subject: Subject): Promise<void>;
}
