import type { SessionView } from '../wire.js';
import { now } from './now.js';

const MINUTE = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
] as const;
/** The server writes "last active" about once a minute, so anything this recent counts as now. */
const RECENT = 1.5 * MINUTE;

/** Times in the words and numbers of a locale. */
export class Times {
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #exact: Intl.DateTimeFormat;

  constructor(locale: string) {
    this.#relative = new Intl.RelativeTimeFormat(locale);
    this.#clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    this.#day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });
    this.#exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });
  }

  /** How long ago, such as "3 hours ago"; undefined for less than a minute. */
  ago(iso: string): string | undefined {
    const passed = now() - Date.parse(iso);
    const unit = UNITS.find(([, length]) => passed >= length);
    return unit && this.#relative.format(-Math.floor(passed / unit[1]), unit[0]);
  }

  /** How long to wait, such as "in 2 minutes". */
  ahead(seconds: number): string {
    return this.#relative.format(Math.ceil(seconds / 60), 'minute');
  }

  /** As short as possible without being ambiguous: the time for today, otherwise the day. */
  short(iso: string): string {
    const [then, today] = [new Date(iso), new Date(now())];
    return (then.toDateString() === today.toDateString() ? this.#clock : this.#day).format(then);
  }

  /** The time of the day, such as "14:03". */
  clock(at: number): string {
    return this.#clock.format(at);
  }

  /** The complete time, to the second. */
  exact(iso: string): string {
    return this.#exact.format(Date.parse(iso));
  }
}

/** Whether a device is in use: the current one always is, whatever the server wrote last. */
export function isActive({ current, lastActiveAt }: SessionView): boolean {
  return current || now() - Date.parse(lastActiveAt) < RECENT;
}
