import { deepStrictEqual } from 'node:assert/strict';
import { expect } from 'vitest';
import type { AuthRequest } from '../../src/auth/request-info.js';
import { AuthError } from '../../src/errors.js';
import { SessionCheck } from '../../src/revocation/session.check.js';
import { FailClosedStore } from '../../src/sessions/fail-closed-store.js';
import type { SessionStore } from '../../src/sessions/session-store.js';
import type { TokenClaims } from '../../src/tokens/claims.js';
import type { TokenPair } from '../../src/wire.js';
import { type ComposedAuth, composeAuth } from '../support/compose.js';
import { HOUR } from '../support/times.js';
import { type ModelLimits, type ModelSession, type ModelToken, SessionModel } from '../support/session-model.js';

export const USERS = ['ada', 'bob'] as const;

/** A token as it was signed, beside what the model knows of it. */
interface IssuedToken extends ModelToken {
  text: string;
  claims: TokenClaims;
}

/** What one step is made of; numbers pick among what is there, the last first. */
export interface Choice {
  user: (typeof USERS)[number];
  token: number;
  session: number;
  begun: number;
  device: number;
  wait: number;
}

/** The library and the model side by side: each verb is done to both, and both have to answer alike. */
export class World {
  readonly model: SessionModel;
  readonly tokens: IssuedToken[] = [];
  readonly guids = new Map<ModelSession, string>();
  readonly begun: { user: string; ticket: number; step: number }[] = [];
  readonly composed: ComposedAuth;
  readonly #observer: SessionCheck;
  readonly #generations = new Map<ModelSession, string[]>();

  constructor(store: SessionStore, limits: ModelLimits) {
    const { retention, maxSessions, whenFull, ...rest } = limits;
    const purge = { every: HOUR, batch: 3, retention };
    this.composed = composeAuth(store, { ...rest, ...(maxSessions && { maxSessions, whenFull }), purge });
    const { clock, options } = this.composed;
    this.#observer = new SessionCheck(new UnmarkedStore(store), options.sessions, clock);
    this.model = new SessionModel(limits, clock.now());
  }

  pick<T>(among: readonly T[], choice: number): T | undefined {
    return among[among.length - 1 - (choice % among.length)];
  }

  /** A session that was opened at some time, whether it lives or not, with its guid. */
  session(choice: number): { session: ModelSession; guid: string } | undefined {
    const entry = this.pick([...this.guids], choice);
    return entry && { session: entry[0], guid: entry[1] };
  }

  token(ofKind: ModelToken['kind'], choice: number): IssuedToken | undefined {
    const tokens = this.tokens.filter(({ kind }) => kind === ofKind);
    return this.pick(tokens, choice);
  }

  pass(milliseconds: number): void {
    this.composed.clock.advance(milliseconds);
    this.model.now += milliseconds;
  }

  take(session: ModelSession, pair: TokenPair): void {
    this.guids.set(session, pair.session.guid);
    this.#issue('access', session, pair.access_token);
    this.#issue('refresh', session, pair.refresh_token);
  }

  #issue(kind: ModelToken['kind'], session: ModelSession, text: string): void {
    const claims = this.composed.verifier.verify(kind, text, this.model.now);
    const token = this.model.issue(kind, session);
    expect(claims).toMatchObject({ sub: session.userId, guid: this.guids.get(session), exp: token.endsAt / 1000 });
    this.tokens.push({ ...token, text, claims });
    // One successor for each generation, and a new one for each renewal.
    const generations = this.#generations.get(session) ?? [];
    generations[session.generation] ??= claims.refTokID;
    expect(generations[session.generation]).toBe(claims.refTokID);
    expect(new Set(generations).size).toBe(session.generation + 1);
    this.#generations.set(session, generations);
  }

  /** Whoever lives and whatever counts, by the library and by the model. */
  async compare(): Promise<void> {
    for (const user of USERS) deepStrictEqual(await this.#rowsOf(user), this.#expectedRowsOf(user));
    const access = this.tokens.filter(({ kind }) => kind === 'access');
    const verdicts = await Promise.all(access.map((token) => this.#isAccepted(token)));
    deepStrictEqual(
      verdicts,
      access.map((token) => this.model.accepts(token)),
    );
  }

  async #rowsOf(user: string): Promise<string[]> {
    const { registry } = this.composed;
    const live = await registry.list(user);
    const ended = await registry.listEnded(user);
    return [
      ...live.map(({ guid, lastActiveAt }) => `${guid} lives, active at ${lastActiveAt}`),
      ...ended.map(({ guid, endReason, endedAt }) => `${guid} ended at ${endedAt}, ${endReason}`),
    ].sort();
  }

  #expectedRowsOf(user: string): string[] {
    const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
    const ofUser = [...this.model.sessions].filter((session) => session.userId === user);
    const tell = (session: ModelSession) => {
      const end = this.model.endOf(session);
      const state = end ? `ended at ${iso(end.at)}, ${end.reason}` : `lives, active at ${iso(session.lastActiveAt)}`;
      return `${this.guids.get(session)} ${state}`;
    };
    return ofUser.map(tell).sort();
  }

  /** The verdict of the row first: most tokens are dead, and a signature costs more to check. */
  async #isAccepted({ text, claims }: IssuedToken): Promise<boolean> {
    if (!(await this.#observer.check(claims)).ok) return false;
    try {
      return this.composed.verifier.verify('access', text, this.model.now) !== undefined;
    } catch (error) {
      if (error instanceof AuthError && error.reason === 'token_expired') return false;
      throw error;
    }
  }
}

/** A store whose rows do not change when somebody looks whether a token counts. */
class UnmarkedStore extends FailClosedStore {
  override async markUsed(): Promise<void> {}
}

/** The answer, or the reason of the refusal. */
export async function answerOf<T>(call: Promise<T>): Promise<{ answer: T } | { reason: string }> {
  try {
    return { answer: await call };
  } catch (error) {
    if (error instanceof AuthError && error.code !== 'unavailable') return { reason: error.reason };
    throw error;
  }
}

export function requestOf({ device }: Choice, bearer?: IssuedToken): AuthRequest {
  const authorization = bearer && { authorization: `Bearer ${bearer.text}` };
  return { ip: `192.0.2.${device}`, headers: { 'user-agent': `device/${device}`, ...authorization } };
}

export async function signIn(
  world: World,
  choice: Choice,
  ticket?: { ticket: number; step: number },
  bearer?: IssuedToken,
) {
  world.pass(1);
  const step = ticket?.step ?? world.model.begin();
  const former = bearer?.session.userId === choice.user ? bearer.session : undefined;
  const expected = world.model.open(choice.user, step, former);
  const call = world.composed.auth.login(choice.user, requestOf(choice, bearer), { ticket: ticket?.ticket });
  const outcome = await answerOf(call);
  if (typeof expected === 'string') return expect(outcome).toEqual({ reason: expected });
  expect(outcome).toHaveProperty('answer');
  if ('answer' in outcome) world.take(expected, outcome.answer);
}
