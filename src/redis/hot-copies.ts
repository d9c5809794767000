import { randomBytes } from 'node:crypto';
import { steadyTime } from '../clock.js';
import { AuthError } from '../errors.js';
import type { Faults } from '../faults/faults.js';
import { NO_EDITION } from '../copies/copy-ledger.js';
import { type FoundCopy, SessionCopies, type Stale } from '../copies/session-copies.js';
import type { SessionState } from '../sessions/session.js';
import type { SessionKey } from '../sessions/session-store.js';
import { ANEW, type CopyScripts, scriptsOf } from './copy-scripts.js';
import { decodeState, encodeState } from './copy-text.js';
import type { EditionWatch } from './edition-watch.js';
import { onEveryMaster } from './redis-client.js';
import { isUnknownScript, type RedisLink } from './redis-link.js';
import { refuseOldServers } from './redis-version.js';

/** The copies of a user expire after so long without a new one, in milliseconds. */
const LIFE = '600000';
const OPENING_PAUSE = 1_000;
const NONE: FoundCopy<HotPermit> = {};

/** The permit to make a copy in an edition. */
interface HotPermit {
  readonly edition: string;
  readonly permit: string;
}

/** The settings of hot copies. */
export interface HotCopySettings {
  /** The prefix of every key. */
  readonly prefix: string;
  /** Whether copies are read. They are dropped in any case. */
  readonly reads: boolean;
  /** What happens while Redis is lost: the database answers, or requests are refused. */
  readonly whenLost: 'database' | 'refuse';
}

/**
 * Copies in Redis or Valkey, for all processes. The database says which edition of them may be read. A revoke drops the copy
 * before it resolves. If it cannot, it retires the whole edition and waits until no process reads from it. So a Redis that is
 * unreachable, restarted, replaced or full of old copies never brings a revoked session back.
 */
export class HotCopies extends SessionCopies<HotPermit> {
  readonly #permits = randomBytes(9).toString('base64url');
  #permit = 0;
  #scripts: { readonly edition: string } & CopyScripts = { edition: NO_EDITION, ...scriptsOf(NO_EDITION) };
  #openedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly link: RedisLink,
    private readonly editions: EditionWatch,
    private readonly settings: HotCopySettings,
    private readonly faults: Faults,
  ) {
    super();
  }

  /** Opens an edition if there is none, so that it is there for the first requests. */
  async open(): Promise<void> {
    if (this.settings.reads && (await this.editions.latest()) === NO_EDITION) {
      await this.#tryOpening(NO_EDITION);
    }
  }

  override async find(key: SessionKey, activeAfter = Number.NEGATIVE_INFINITY): Promise<FoundCopy<HotPermit>> {
    if (!this.settings.reads) return NONE;
    const edition = this.editions.readable();
    if (this.link.broken) return this.#lost();
    if (edition === undefined) return this.#unread();
    try {
      return await this.#find(key, activeAfter, edition);
    } catch (error) {
      if (!isUnknownScript(error)) return this.#lost(error);
      this.#openSoon(edition);
      return NONE;
    }
  }

  override keep({ userId, guid }: SessionKey, state: SessionState, { edition, permit }: HotPermit): void {
    // The link has reported the fault. Without a copy, the row is read again.
    this.#run('keep', edition, userId, [guid, permit, LIFE, encodeState(state)]).catch(() => {});
  }

  override async drop({ userId, guid }: Stale, spare = 0): Promise<void> {
    const spared = steadyTime() + spare;
    const edition = await this.editions.latest();
    if (edition !== NO_EDITION && !(await this.#dropped(edition, userId, guid))) {
      await this.editions.replace(edition, NO_EDITION);
    }
    await this.editions.settle(spared - steadyTime());
  }

  async #find({ userId, guid }: SessionKey, activeAfter: number, edition: string): Promise<FoundCopy<HotPermit>> {
    const permit = `${this.#permits}${++this.#permit}`;
    const copy = await this.#run('find', edition, userId, [guid, permit, LIFE]);
    const state = typeof copy === 'string' ? decodeState(copy) : undefined;
    if (state && state.lastActiveAt > activeAfter) return { state };
    if (typeof copy === 'string') await this.#run('find', edition, userId, [guid, permit, LIFE, ANEW]);
    return { permit: { edition, permit } };
  }

  async #dropped(edition: string, userId: string | null, guid: string | undefined): Promise<boolean> {
    if (userId === null) return false;
    try {
      await this.#run('drop', edition, userId, guid === undefined ? [] : [guid]);
      return true;
    } catch {
      return false;
    }
  }

  #run(name: keyof CopyScripts, edition: string, userId: string, args: string[]): Promise<unknown> {
    if (this.#scripts.edition !== edition) this.#scripts = { edition, ...scriptsOf(edition) };
    // Braces make a cluster keep all of a user's copies on one node; base64 contains none.
    const user = Buffer.from(userId).toString('base64url');
    const key = `${this.settings.prefix}copies:${edition}:{${user}}`;
    const { sha } = this.#scripts[name];
    return this.link.ask((client) => client.evalSha(sha, { keys: [key], arguments: args }));
  }

  #unread(): FoundCopy<HotPermit> {
    if (!this.editions.isNone) return NONE;
    this.#openSoon(NO_EDITION);
    return this.#lost();
  }

  #lost(cause = this.link.fault): FoundCopy<HotPermit> {
    if (this.settings.whenLost === 'refuse') throw new AuthError('unavailable', 'store_failed', { cause });
    return NONE;
  }

  /** Replaces an edition that cannot be read by a new one. Limits how often, because every request may ask for it. */
  #openSoon(former: string): void {
    if (steadyTime() - this.#openedAt < OPENING_PAUSE) return;
    this.#openedAt = steadyTime();
    void this.#tryOpening(former);
  }

  async #tryOpening(former: string): Promise<void> {
    try {
      await this.#openEdition(former);
      this.faults.succeeded('hotCopies');
    } catch (error) {
      this.faults.failed('hotCopies', error);
    }
  }

  async #openEdition(former: string): Promise<void> {
    const edition = randomBytes(18).toString('base64url');
    await refuseOldServers(this.link);
    // Every server gets the scripts before any process may use them. A server that loses them does not get them again.
    for (const { text } of Object.values(scriptsOf(edition) as CopyScripts)) {
      await this.link.ask((client) => onEveryMaster(client, ['SCRIPT', 'LOAD', text]));
    }
    await this.editions.replace(former, edition);
  }
}
