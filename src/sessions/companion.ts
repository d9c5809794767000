/**
 * Something of another room that is stored in the same step as a change of sessions, such as a line of an audit: both are
 * stored, or neither is. The store calls it once the change is made and before it is committed, with what the change did.
 * `transaction` is what the store runs its own statements on: a `SqlExecutor` in a SQL database. Where the companion rejects, the
 * change is undone and the store's method rejects. A transaction that is tried again calls it again, so it writes nothing
 * but by `transaction`.
 */
export type Companion<Outcome> = (outcome: Outcome, transaction: unknown) => Promise<void>;

/** Calls the companions of a change one after the other, within its transaction. */
export async function accompany<Outcome>(
  companions: readonly Companion<Outcome>[] | undefined,
  outcome: Outcome,
  transaction: unknown,
): Promise<void> {
  for (const companion of companions ?? []) await companion(outcome, transaction);
}
