import type { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { laterMark } from '../sessions/cutoff.js';
import { type Denial, Denylist } from '../revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF } from '../sessions/cutoff.js';
import type { SessionKey } from '../sessions/session-store.js';
import { onEveryMaster } from './redis-client.js';
import type { RedisLink } from './redis-link.js';
import { RedisScript } from './redis-script.js';

/** Not MGET: that takes a key of another type for one that is not there. */
const READ = new RedisScript(`
local found = {}
for at, key in ipairs(KEYS) do found[at] = redis.call('GET', key) end
return found`);

/** The rule of `laterMark`, and the longer life of the two, in milliseconds. */
const DENY = new RedisScript(`
local function ticketOf(mark) return tonumber(string.match(mark, '^%d+')) end
local mark, life = ARGV[1], ARGV[2]
local former = redis.call('GET', KEYS[1])
if former then
  if ticketOf(former) > ticketOf(mark) then mark = former
  elseif ticketOf(former) == ticketOf(mark) and former ~= mark then mark = string.match(mark, '^%d+') end
  if redis.call('PTTL', KEYS[1]) > tonumber(life) then
    return redis.call('SET', KEYS[1], mark, 'KEEPTTL')
  end
end
return redis.call('SET', KEYS[1], mark, 'PX', life)`);

/** Entries in Redis, for every process over it. Redis drops each at its end. */
export class RedisDenylist extends Denylist {
  constructor(
    private readonly link: RedisLink,
    private readonly prefix: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Throws ConfigurationError if Redis may drop entries before their end. One that does not tell is trusted. */
  async verify(): Promise<void> {
    const answers = await this.link.ask((client) => onEveryMaster(client, ['INFO', 'memory'])).catch(() => []);
    for (const answer of answers) refuseEviction(String(answer));
  }

  override denySession(key: SessionKey, until: number): Promise<void> {
    return this.#deny(this.#keyOfSession(key), NO_CUTOFF, until);
  }

  override denyUser(userId: string | null, mark: CutoffMark, until: number): Promise<void> {
    return this.#deny(this.#keyOfUser(userId), mark, until);
  }

  override async find(key: SessionKey): Promise<Denial> {
    // Both at once, so that they leave together; in a cluster to two nodes.
    const [[session, user], [everybody]] = await Promise.all([
      this.#read([this.#keyOfSession(key), this.#keyOfUser(key.userId)]),
      this.#read([this.#keyOfUser(null)]),
    ]);
    return { session: session !== null, user: laterMark(toMark(user), toMark(everybody)) };
  }

  /** Nothing: Redis has dropped them. */
  override async prune(): Promise<void> {}

  #read(keys: string[]): Promise<unknown[]> {
    return READ.run(this.link, keys) as Promise<unknown[]>;
  }

  async #deny(key: string, mark: CutoffMark, until: number): Promise<void> {
    // A length, not a date: `until` is by the clock of the app, and Redis has its own.
    const life = Math.max(1, Math.ceil(until - this.clock.now()));
    await DENY.run(this.link, [key], toText(mark), life);
  }

  #keyOfSession({ userId, guid }: SessionKey): string {
    return `${this.#keyOfUser(userId)}:${guid}`;
  }

  /** In braces, so that a cluster keeps a user and their sessions on one node. */
  #keyOfUser(userId: string | null): string {
    return `${this.prefix}denied:${userId === null ? 'everybody' : `{${encodeURIComponent(userId)}}`}`;
  }
}

function toText({ ticket, kept }: CutoffMark): string {
  return kept === null ? String(ticket) : `${ticket} ${kept}`;
}

/** What cannot be read is no "not denied". */
function toMark(text: unknown): CutoffMark {
  if (text === null) return NO_CUTOFF;
  const [, ticket, , kept] = /^(\d+)( (.*))?$/s.exec(String(text)) ?? [];
  if (ticket === undefined) throw new Error('Redis holds something else where an entry of the denylist should be');
  return { ticket: Number(ticket), kept: kept ?? null };
}

function refuseEviction(info: string): void {
  const [, limit] = /^maxmemory:(\d+)/m.exec(info) ?? [];
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (limit === '0' || policy === 'noeviction') return;
  throw new ConfigurationError(
    'revocation.denylist',
    `Redis may drop entries for want of memory (its maxmemory-policy is '${policy}'), and what was signed out would pass`,
    "Set maxmemory-policy to 'noeviction', or use a Redis that is not a cache",
  );
}
