import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { RefusalReason } from 'nestjs-session-registry';
import type { Adapter } from '../../support/app.js';
import type { Attempt, Case, Outcome } from './case.js';
import { expectHarmless, OneBody } from './invariants.js';
import { Scene } from './scene.js';
import type { AppName, Stage } from './stage.js';
import { ask, headerOf, jsonOf, type RawAnswer } from './wire.js';

/** What a token or a request is refused for by itself: the store has no part in it (ASVS 15.3.5). */
const BY_ITSELF: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  ...(['no_credentials', 'malformed_token', 'wrong_header', 'bad_signature', 'wrong_claims'] as const),
  ...(['token_expired', 'token_from_future', 'two_credentials', 'cross_site_request'] as const),
]);

/** Shoots cases at the apps of one adapter, and keeps count. */
export class Runner {
  requests = 0;
  cases = 0;
  wrong = 0;
  readonly #bodies = new OneBody();

  constructor(readonly stages: Readonly<Record<AppName, Stage>>) {}

  /** Runs a case; throws at the first attempt that came out otherwise. */
  async run({ attempts }: Case): Promise<void> {
    this.cases += 1;
    try {
      const scenes = new Map<AppName, Scene>();
      let tried = 0;
      for (const attempt of attempts) tried += await this.#attempt(attempt, await this.#sceneFor(attempt, scenes));
      // A row that no door can carry shows nothing.
      expect(tried).toBeGreaterThan(0);
    } catch (error) {
      this.wrong += 1;
      throw error;
    }
  }

  async #sceneFor({ app }: Attempt, scenes: Map<AppName, Scene>): Promise<Scene> {
    const scene = scenes.get(app) ?? (await Scene.open(this.stages[app]));
    scenes.set(app, scene);
    return scene;
  }

  async #attempt(attempt: Attempt, scene: Scene): Promise<0 | 1> {
    if (attempt.carries?.(scene) === false) return 0;
    const request = await attempt.send(scene);
    const before = scene.stage.version();
    const answer = await this.#ask(scene, request);
    expectOutcome(attempt, answer, scene);
    expectAsked(attempt, scene);
    expectLeft(attempt, before, scene);
    this.#expectSafe(answer, scene);
    expectConcealed(attempt, answer, scene);
    await this.#expectTwin(attempt, answer, scene);
    await this.#expectControl(attempt, scene);
    return 1;
  }

  async #ask({ stage }: Scene, request: Buffer): Promise<RawAnswer> {
    this.requests += 1;
    stage.refusals.length = 0;
    stage.asked.length = 0;
    stage.takePassport();
    return ask(stage.port, request);
  }

  #expectSafe(answer: RawAnswer, scene: Scene): void {
    if (answer.status < 300) return;
    expectHarmless(answer, scene);
    this.#bodies.check(answer);
  }

  async #expectTwin({ at, twin }: Attempt, answer: RawAnswer, scene: Scene): Promise<void> {
    if (!twin) return;
    const other = await this.#ask(scene, twin(scene));
    expectSame({ at, answer: seenBy(other) }, { at, answer: seenBy(answer) });
  }

  async #expectControl({ at, control }: Attempt, scene: Scene): Promise<void> {
    if (!control) return;
    const { status, text } = await this.#ask(scene, control(scene));
    expectSame({ at, control: Math.floor(status / 100), text }, { at, control: 2, text });
  }
}

function expectOutcome({ at, answer: expected }: Attempt, answer: RawAnswer, { stage }: Scene): void {
  const outcome: Outcome = 'status' in expected ? expected : expected[stage.adapter as Adapter];
  const seen = {
    at,
    status: answer.status,
    code: jsonOf(answer)?.code,
    challenge: headerOf(answer, 'www-authenticate'),
    reasons: stage.refusals.map(({ reason }) => reason),
    text: answer.text,
  };
  const { status, code, challenge, reason } = outcome;
  expectSame(seen, { at, status, code, challenge, reasons: reason ? [reason] : [], text: answer.text });
}

function expectAsked({ at, asks }: Attempt, { stage }: Scene): void {
  const [refusal] = stage.refusals;
  const allowed = asks ?? (refusal && BY_ITSELF.has(refusal.reason) ? [] : undefined);
  if (allowed) expectSame({ at, asked: stage.asked }, { at, asked: allowed });
}

function expectLeft({ at, ends }: Attempt, before: number, { row, stage }: Scene): void {
  if (ends) expectSame({ at, end: row?.endReason ?? 'live' }, { at, end: ends });
  else expectSame({ at, version: stage.version() }, { at, version: before });
}

function expectConcealed({ at, conceals }: Attempt, { text }: RawAnswer, scene: Scene): void {
  const told = conceals?.(scene).filter((secret) => text.includes(secret)) ?? [];
  expectSame({ at, told }, { at, told: [] });
}

/** All a client sees of an answer that tells two answers apart. */
function seenBy({ status, headers, text }: RawAnswer): object {
  const named = [...headers].filter(([name]) => name !== 'date' && name !== 'connection');
  return { status, headers: named, text };
}

// `toEqual` takes its time even where there is nothing to tell.
function expectSame(seen: object, expected: object): void {
  if (!isDeepStrictEqual(seen, expected)) expect(seen).toEqual(expected);
}
