import type { Clock } from '../clock.js';
import { ConfigurationError } from '../errors.js';
import { laterMark } from '../sessions/cutoff.js';
import { type Denial, Denylist } from '../revocation/denylist.js';
import { type CutoffMark, NO_CUTOFF } from '../sessions/cutoff.js';
import type { SessionKey } from '../sessions/session-store.js';
import { onEveryMaster } from './redis-client.js';
import type { RedisLink } from './redis-link.js';
import { RedisScript } from './redis-script.js';

/** Not MGET, because that reports a key of another type as missing. */
const READ = new RedisScript(`
local found = {}
for at, key in ipairs(KEYS) do found[at] = redis.call('GET', key) end
return found`);

/** Combines two marks like `laterMark`, and keeps the longer lifetime of the two, in milliseconds. */
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

/** Entries in Redis, for every process that uses it. Redis deletes each entry when it expires. */
export class RedisDenylist extends Denylist {
  constructor(
    private readonly link: RedisLink,
    private readonly prefix: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Throws ConfigurationError if Redis may evict entries too early. A Redis that does not answer INFO is trusted. */
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
    // Two commands, because in a cluster the keys are on different nodes. Both are sent at once.
    const [[session, user], [everybody]] = await Promise.all([
      this.#read([this.#keyOfSession(key), this.#keyOfUser(key.userId)]),
      this.#read([this.#keyOfUser(null)]),
    ]);
    return { session: session !== null, user: laterMark(toMark(user), toMark(everybody)) };
  }

  /** Does nothing: Redis deletes expired entries itself. */
  override async prune(): Promise<void> {}

  #read(keys: string[]): Promise<unknown[]> {
    return READ.run(this.link, keys) as Promise<unknown[]>;
  }

  async #deny(key: string, mark: CutoffMark, until: number): Promise<void> {
    // A duration, not a date: `until` is by the clock of the app, and Redis uses its own.
    const life = Math.max(1, Math.ceil(until - this.clock.now()));
    await DENY.run(this.link, [key], toText(mark), life);
  }

  #keyOfSession({ userId, guid }: SessionKey): string {
    return `${this.#keyOfUser(userId)}:${guid}`;
  }

  /** Braces make a cluster keep a user and their sessions on one node. */
  #keyOfUser(userId: string | null): string {
    return `${this.prefix}denied:${userId === null ? 'everybody' : `{${encodeURIComponent(userId)}}`}`;
  }
}

function toText({ ticket, kept }: CutoffMark): string {
  return kept === null ? String(ticket) : `${ticket} ${kept}`;
}

/** Throws for an unreadable entry, which must not count as "not denied". */
function toMark(text: unknown): CutoffMark {
  if (text === null) return NO_CUTOFF;
  const [, ticket, , kept] = /^(\d+)( (.*))?$/s.exec(String(text)) ?? [];
  if (ticket === undefined) throw new Error('A key of the denylist in Redis holds something that is not an entry');
  return { ticket: Number(ticket), kept: kept ?? null };
}

function refuseEviction(info: string): void {
  const [, limit] = /^maxmemory:(\d+)/m.exec(info) ?? [];
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (limit === '0' || policy === 'noeviction') return;
  throw new ConfigurationError(
    'revocation.denylist',
    `Redis may evict entries when its memory is full (its maxmemory-policy is '${policy}'), and signed-out tokens would pass`,
    "Set maxmemory-policy to 'noeviction', or use a Redis that is not a cache",
  );
}
