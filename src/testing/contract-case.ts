/**
 * One promise of a contract, for any test runner: `test(name, () => run(subject))`. `run` rejects with an `AssertionError` of
 * `node:assert` where the promise is not kept.
 */
export interface ContractCase<Subject> {
  /** What is promised, in one line; no two cases of a contract have the same. */
  readonly name: string;
  run(subject: Subject): Promise<void>;
}
