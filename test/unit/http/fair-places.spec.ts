import { describe, expect, it } from 'vitest';
import { FairPlaces } from '../../../src/http/stream/fair-places.js';

/** Places of one owner, taken by members in turn. */
function taken(limit: number, members: string): FairPlaces<string> {
  const places = new FairPlaces<string>(limit);
  [...members].forEach((member, at) => void places.add('owner', member, `${member}${at}`));
  return places;
}

describe('places that are shared fairly', () => {
  it('are free below the limit, and of each owner apart', () => {
    const places = taken(3, 'aab');
    expect(taken(4, 'aab').placeFor('owner', 'a')).toBe('free');
    expect(places.placeFor('another', 'a')).toBe('free');
  });

  it('are not given to who holds most already', () => {
    expect(taken(3, 'aab').placeFor('owner', 'a')).toBe('none');
    expect(taken(3, 'aaa').placeFor('owner', 'a')).toBe('none');
  });

  it('are taken from who holds at least two more, the oldest first', () => {
    expect(taken(3, 'aab').placeFor('owner', 'c')).toEqual({ of: 'a0' });
    expect(taken(4, 'baaa').placeFor('owner', 'b')).toEqual({ of: 'a1' });
  });

  it('are not handed to and fro between those who hold alike', () => {
    expect(taken(3, 'aab').placeFor('owner', 'b')).toBe('none');
    expect(taken(3, 'abc').placeFor('owner', 'd')).toBe('none');
  });

  it('are free again when they were given back, once', () => {
    const places = taken(2, 'ab');
    places.remove('owner', 'a', 'a0');
    places.remove('owner', 'a', 'a0');
    expect(places.placeFor('owner', 'c')).toBe('free');
    places.add('owner', 'c', 'c0');
    expect(places.placeFor('owner', 'c')).toBe('none');
  });
});
