import { causeText, oneLine, placeOf } from './cause-text.js';
import { FAULT_KINDS, type FaultWords } from './fault-kinds.js';
import type { FaultKind } from './faults.js';

/** A line is written after this long, and then after twice as long each time; in milliseconds. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 600_000;

/** A fault from its first failure until it is over, and the lines that report it. Times in milliseconds. */
export class Fault {
  readonly words: FaultWords;
  /** Whether its first line was written. */
  isTold = false;
  #times = 0;
  /** How many failures its lines have reported. */
  #told = 1;
  #answers = 0;
  #where: string | undefined;
  #cause: unknown;
  #failedAt: number;
  #recoveredAt: number | undefined;
  #saidAt: number;
  #pause = FIRST_PAUSE;

  constructor(
    readonly kind: FaultKind,
    private readonly since: number,
  ) {
    this.words = FAULT_KINDS[kind];
    this.#failedAt = since;
    this.#saidAt = since;
  }

  /** Counts another failure. */
  fail(cause: unknown, at: number): void {
    this.#times += 1;
    this.#cause = cause;
    this.#failedAt = at;
    this.#recoveredAt = undefined;
  }

  /** Notes that it worked, for the first time since it last failed. */
  recover(at: number): void {
    this.#recoveredAt ??= at;
  }

  /** A request was answered 503 because of it. */
  answer(): void {
    this.#answers += 1;
  }

  /** Where it was noticed; the first place counts. */
  notice(where: string | undefined): void {
    this.#where ??= where === undefined ? undefined : oneLine(where);
  }

  /** Whether it worked and has not failed since for long enough: one that comes and goes is one fault. */
  isOver(at: number): boolean {
    const works = this.#recoveredAt !== undefined || this.words.endsAlone === true;
    return works && distance(at, this.#failedAt) >= this.words.calm;
  }

  /** Whether a line that it lasts is due; less often if there were no new failures. */
  isDue(at: number): boolean {
    if (this.words.once) return false;
    const pause = this.#times > this.#told ? this.#pause : LONGEST_PAUSE;
    return this.#recoveredAt === undefined && distance(at, this.#saidAt) >= pause;
  }

  /** The line that reports its beginning. */
  beginning(): string {
    const { fails, advice, ofApp } = this.words;
    const where = this.#where === undefined ? '' : `, first at ${this.#where}`;
    return `${fails}: ${causeText(this.#cause)}${ofApp ? placeOf(this.#cause) : ''}${where}. ${advice}.`;
  }

  /** The line that reports that it lasts. */
  lasting(at: number): string {
    this.#saidAt = at;
    this.#told = this.#times;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    const where = this.#where === undefined ? '' : `, first at ${this.#where}`;
    return `${this.words.fails} (for ${lengthOf(at - this.since)} now): ${this.#counts()}${where}. Last cause: ${causeText(this.#cause)}.`;
  }

  /** The line that reports its end. */
  ending(): string {
    const end = this.#recoveredAt ?? this.#failedAt;
    return `${this.words.over}. The fault lasted ${lengthOf(end - this.since)}: ${this.#counts()}.`;
  }

  #counts(): string {
    const answers = this.#answers > 0 ? `, ${counted(this.#answers, 'request')} answered 503` : '';
    return `${counted(this.#times, 'failure')}${answers}`;
  }
}

/** Correct even if a clock was set meanwhile. */
function distance(one: number, other: number): number {
  return Math.abs(one - other);
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}

function lengthOf(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
