import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import type { Adapter } from '../../support/app.js';
import { harmIn } from '../support/invariants.js';
import { Scene } from '../support/scene.js';
import type { AppName } from '../support/stage.js';
import { openTheatre, type Theatre } from '../support/theatre.js';
import { exchange, type RawAnswer, SILENCE } from '../support/wire.js';
import { Line } from './line.js';

/** An input, and what it may be answered. */
export interface Shot {
  readonly app: FuzzedApp;
  readonly bytes: Buffer;
  /** Whether this answer of success is due; every other success is a break-in. */
  readonly due?: (answer: RawAnswer) => boolean;
  /** Has a connection of its own, because it may not be one whole request. */
  readonly alone?: boolean;
}

/** The apps that are fuzzed. */
export type FuzzedApp = Extract<AppName, 'bearer' | 'cookie'>;

const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 414, 415, 429, 431]);
const LINES = 4;
/** Megabytes a run may leave on the heap, whatever its length: caches, and no leak by input. */
const MAX_GROWTH = 48;

/** The apps to fuzz, a victim on each whose session nothing may touch, and a thief with a session of their own. */
export class Range {
  shots = 0;
  readonly #lines: Readonly<Record<FuzzedApp, readonly Line[]>>;
  #heap = 0;

  private constructor(
    readonly theatre: Theatre,
    readonly victims: Readonly<Record<FuzzedApp, Scene>>,
    readonly thief: Scene,
  ) {
    this.#lines = { bearer: this.#open('bearer'), cookie: this.#open('cookie') };
  }

  /** Starts the apps. */
  static async open(adapter: Adapter): Promise<Range> {
    const theatre = await openTheatre(adapter, ['bearer', 'cookie']);
    const { bearer, cookie } = theatre.stages;
    const victims = { bearer: await Scene.open(bearer), cookie: await Scene.open(cookie) };
    return new Range(theatre, victims, await Scene.open(bearer));
  }

  /** Fires a volley; throws at an answer that must not be. */
  async fire(volley: readonly Shot[]): Promise<void> {
    // What is recorded for the corpus is not asked for here, and would pile up.
    for (const { refusals } of Object.values(this.theatre.stages)) refusals.length = 0;
    // Every line is through before the next volley, also where one of them failed.
    const lines = await Promise.allSettled(Array.from({ length: LINES }, (_, line) => this.#fireAlong(line, volley)));
    for (const line of lines) if (line.status === 'rejected') throw line.reason;
  }

  /** Fails unless everybody is still signed in, nothing left the process, and the memory is where it was. */
  async expectUnharmed(before: readonly unknown[]): Promise<void> {
    expect(this.rows()).toEqual(before);
    this.theatre.expectQuiet();
    await this.theatre.expectServing();
    expect(this.growth()).toBeLessThan(MAX_GROWTH);
  }

  /** Weighs the heap, once everything was loaded that a run loads. */
  weigh(): void {
    this.#heap = heapUsed();
  }

  /** By how many megabytes the heap has grown since it was weighed. */
  growth(): number {
    return Math.round((heapUsed() - this.#heap) / 2 ** 20);
  }

  /** The rows nothing may touch. */
  rows(): unknown[] {
    return Object.values(this.victims).map(({ row }) => row);
  }

  async close(): Promise<void> {
    for (const line of Object.values(this.#lines).flat()) line.close();
    await this.theatre.close();
  }

  async #fireAlong(line: number, volley: readonly Shot[]): Promise<void> {
    for (let index = line; index < volley.length; index += LINES) {
      const shot = volley[index] as Shot;
      this.shots += 1;
      for (const answer of await this.#answersTo(shot, line)) this.#judge(shot, answer);
    }
  }

  async #answersTo({ app, bytes, alone }: Shot, line: number): Promise<RawAnswer[]> {
    if (!alone) return [await (this.#lines[app][line] as Line).ask(bytes)];
    const answers = await exchange(this.theatre.stages[app].port, bytes);
    return answers.length > 0 ? answers : [SILENCE];
  }

  #judge({ app, bytes, due, alone }: Shot, answer: RawAnswer): void {
    const { status, text } = answer;
    const success = status >= 200 && status < 300;
    const fine = success ? due?.(answer) === true : REFUSALS.has(status) || (status === 0 && alone);
    const harm = success ? [] : harmIn(answer, this.victims[app]);
    if (fine && harm.length === 0) return;
    throw new Error(
      `${status} ${text}\n${harm.join('\n')}\nis the answer to\n${JSON.stringify(bytes.toString('latin1'))}`,
    );
  }

  #open(app: FuzzedApp): Line[] {
    return Array.from({ length: LINES }, () => new Line(this.theatre.stages[app].port));
  }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
