/** A map that can undo a change. */
export class UndoableMap<K, V> extends Map<K, V> {
  #former: Map<K, V | undefined> | undefined;

  override set(key: K, value: V): this {
    if (this.#former && !this.#former.has(key)) this.#former.set(key, this.get(key));
    return super.set(key, value);
  }

  /** Begins to remember what is overwritten. */
  note(): void {
    this.#former = new Map();
  }

  /** Stops remembering, and returns a function that undoes every entry set since `note`, unless it was written again later. */
  undo(): () => void {
    const former = this.#former ?? [];
    this.#former = undefined;
    const written = [...former].map(([key, before]) => ({ key, before, after: this.get(key) }));
    return () => {
      for (const { key, before, after } of written) {
        if (this.get(key) !== after) continue;
        if (before === undefined) this.delete(key);
        else super.set(key, before);
      }
    };
  }
}

/** Makes a change to these maps. Returns its outcome, and a function that undoes it. */
export function noting<T>(
  maps: readonly Pick<UndoableMap<never, never>, 'note' | 'undo'>[],
  change: () => T,
): [T, () => void] {
  for (const map of maps) map.note();
  const outcome = change();
  const undos = maps.map((map) => map.undo());
  const undoAll = () => {
    for (const undo of undos) undo();
  };
  return [outcome, undoAll];
}
