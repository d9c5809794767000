/** The places of one owner, by the member that holds them; each member's oldest holder comes first. */
interface Owned<T> {
  readonly members: Map<string, Set<T>>;
  count: number;
}

/** What happens to a new holder: there is a free place, another holder has to give up its place, or there is none. */
export type Place<T> = 'free' | 'none' | { readonly of: T };

/**
 * A number of places for each owner, shared fairly among its members, so that a member with many cannot push out a
 * member with few. When all places are taken, the next holder takes the oldest place of the member that has the most,
 * if that member has at least two more than the new holder's own; otherwise there is no place.
 */
export class FairPlaces<T> {
  readonly #owners = new Map<string, Owned<T>>();

  constructor(private readonly limit: number) {}

  /** What would happen to one more holder of this member. Changes nothing. */
  placeFor(owner: string, member: string): Place<T> {
    const owned = this.#owners.get(owner);
    if (!owned || owned.count < this.limit) return 'free';
    const most = largestOf(owned.members);
    const own = owned.members.get(member)?.size ?? 0;
    const [oldest] = most.size > own + 1 ? most : [];
    return oldest === undefined ? 'none' : { of: oldest };
  }

  add(owner: string, member: string, holder: T): void {
    const owned = this.#owners.get(owner) ?? { members: new Map(), count: 0 };
    const holders = owned.members.get(member) ?? new Set();
    owned.members.set(member, holders.add(holder));
    owned.count += 1;
    this.#owners.set(owner, owned);
  }

  /** Gives a place back; does nothing for a holder that has none. */
  remove(owner: string, member: string, holder: T): void {
    const owned = this.#owners.get(owner);
    const holders = owned?.members.get(member);
    if (!owned || !holders?.delete(holder)) return;
    owned.count -= 1;
    if (holders.size === 0) owned.members.delete(member);
    if (owned.count === 0) this.#owners.delete(owner);
  }
}

function largestOf<T>(members: ReadonlyMap<string, ReadonlySet<T>>): ReadonlySet<T> {
  let largest: ReadonlySet<T> = new Set();
  for (const holders of members.values()) if (holders.size > largest.size) largest = holders;
  return largest;
}
