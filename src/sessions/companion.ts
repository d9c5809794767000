/**
 * Stores something else together with a change of sessions, such as an audit record: both are stored, or neither is. The
 * store calls it after it has made the change and before it commits, with the outcome of the change. `transaction` is what
 * the store runs its own statements on: a `SqlExecutor` in a SQL database. If the companion rejects, the change is undone
 * and the method of the store rejects. A retried transaction calls the companion again, so it must write only through
 * `transaction`.
 */
export type Companion<Outcome> = (outcome: Outcome, transaction: unknown) => Promise<void>;

/** Calls the companions of a change one after the other, inside its transaction. */
export async function accompany<Outcome>(
  companions: readonly Companion<Outcome>[] | undefined,
  outcome: Outcome,
  transaction: unknown,
): Promise<void> {
  for (const companion of companions ?? []) await companion(outcome, transaction);
}
