import { expect } from 'vitest';
import fc from 'fast-check';
import { AuthError, type RefusalReason } from '../../src/errors.js';
import type { AuthModuleOptions } from '../../src/options/auth-module-options.js';
import type { Session } from '../../src/sessions/session.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import type { TokenPair } from '../../src/wire.js';
import { claimsOf } from '../support/client.js';
import { type ComposedAuth, composeAuth } from '../support/compose.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { ScheduledStore } from '../support/scheduled-store.js';

const RUNS = 200;
export const PATIENCE = 60_000;
export const REQUEST = { ip: '192.0.2.9', headers: { 'user-agent': 'agent/9' } };
type Answer<T> = { readonly ok: T } | { readonly refused: RefusalReason };

/** Two ways into one store: `now`, where a call is done at once, and `racing`, where the scheduler holds each step. */
export class Race {
  readonly store = new MemorySessionStore();
  readonly clock = new TestClock();
  readonly now: ComposedAuth;
  readonly racing: ComposedAuth;
  readonly minted: TokenPair[] = [];

  constructor(
    readonly scheduler: fc.Scheduler,
    options: Partial<AuthModuleOptions>,
  ) {
    this.now = composeAuth(this.store, options, this.clock);
    this.racing = composeAuth(new ScheduledStore(this.store, scheduler), options, this.clock);
  }

  async signIn(userId = 'ada'): Promise<TokenPair> {
    return this.mint(this.now.auth.login(userId));
  }

  /** Keeps what a call minted, also when nobody waits for it. */
  async mint(call: Promise<TokenPair>): Promise<TokenPair> {
    const pair = await call;
    this.minted.push(pair);
    return pair;
  }

  login(ticket?: number): Promise<Answer<TokenPair>> {
    return answerOf(this.mint(this.racing.auth.login('ada', REQUEST, { ticket })));
  }

  renew(pair: TokenPair): Promise<Answer<TokenPair>> {
    return answerOf(this.mint(this.racing.auth.refresh(pair.refresh_token, REQUEST)));
  }

  use(pair: TokenPair): Promise<Answer<unknown>> {
    return answerOf(this.racing.auth.authenticate(pair.access_token));
  }

  /** Lets the calls go, in the order of the scheduler. */
  finish<T extends readonly unknown[]>(...calls: { [I in keyof T]: Promise<T[I]> }): Promise<T> {
    return this.scheduler.waitFor(Promise.all(calls) as Promise<unknown>) as Promise<T>;
  }

  async row({ session }: TokenPair): Promise<Session> {
    const row = await this.store.find({ userId: 'ada', guid: session.guid });
    if (!row) throw new Error('the row is gone');
    return row;
  }

  async live(): Promise<string[]> {
    return (await this.now.registry.list('ada')).map(({ guid }) => guid).sort();
  }

  /** Nothing minted so far for this session counts any more. */
  async expectOver(guid: string): Promise<void> {
    for (const pair of this.minted.filter(({ session }) => session.guid === guid)) {
      expect(await answerOf(this.now.auth.authenticate(pair.access_token))).toHaveProperty('refused');
      expect(await answerOf(this.now.auth.refresh(pair.refresh_token))).toHaveProperty('refused');
    }
    expect(await this.live()).not.toContain(guid);
  }
}

async function answerOf<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: await call };
  } catch (error) {
    if (error instanceof AuthError && error.code !== 'unavailable') return { refused: error.reason };
    throw error;
  }
}

/** Runs the race in many orders; a failure names the seed, and the order in which the steps were let go. */
export function inAnyOrder(run: (race: Race) => Promise<void>, options: Partial<AuthModuleOptions> = {}) {
  const property = fc.asyncProperty(fc.scheduler(), (scheduler) => run(new Race(scheduler, options)));
  return () => fc.assert(property, { numRuns: RUNS });
}

/** The generation a pair of tokens is of. */
export function generationOf(pair: TokenPair): unknown {
  return claimsOf(pair.refresh_token).refTokID;
}
