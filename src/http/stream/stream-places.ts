import { AuthError } from '../../errors.js';
import { FairPlaces } from './fair-places.js';
import type { SessionStream, StreamHolder } from './session-stream.js';

/** How many streams one session, one user and this process may have open. */
const MAX_OF_A_SESSION = 20;
const MAX_OF_A_USER = 100;
const MAX_IN_ALL = 20_000;

/** Whose places are counted, and among whom they are shared. */
type Level = (holder: StreamHolder) => readonly [owner: string, member: string];

/** Limits how many streams are open, so that a client that opens many cannot push out one that opens few. */
export class StreamPlaces {
  readonly #levels: readonly (readonly [FairPlaces<SessionStream>, Level, string])[] = [
    [new FairPlaces(MAX_OF_A_SESSION), ({ guid, address }) => [guid, address], `This session has ${MAX_OF_A_SESSION}`],
    [new FairPlaces(MAX_OF_A_USER), ({ userId, guid }) => [userId, guid], `This user has ${MAX_OF_A_USER}`],
    [new FairPlaces(MAX_IN_ALL), ({ userId }) => ['', userId], `This process has ${MAX_IN_ALL}`],
  ];

  /**
   * Gives a stream its place, and returns the stream that has to end for it. The innermost limit that is reached
   * decides, so that stream has the same session, user or process. Throws AuthError `unavailable` if there is no place.
   */
  take(stream: SessionStream): SessionStream | undefined {
    const displaced = this.#displacedBy(stream.holder);
    if (displaced) this.leave(displaced);
    for (const [places, level] of this.#levels) places.add(...level(stream.holder), stream);
    return displaced;
  }

  /** Gives the place of a stream back; does nothing for a stream that has none. */
  leave(stream: SessionStream): void {
    for (const [places, level] of this.#levels) places.remove(...level(stream.holder), stream);
  }

  #displacedBy(holder: StreamHolder): SessionStream | undefined {
    for (const [places, level, full] of this.#levels) {
      const place = places.placeFor(...level(holder));
      if (place === 'free') continue;
      if (place !== 'none') return place.of;
      const cause = new Error(`${full} event streams open; one more has to wait until one of them ends`);
      throw new AuthError('unavailable', 'too_many_streams', { cause });
    }
    return undefined;
  }
}
