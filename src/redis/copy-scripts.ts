import { hashOf } from './redis-script.js';

/** A script, and the hash of its text, by which Redis knows it. */
export interface CopyScript {
  readonly text: string;
  readonly sha: string;
}

/** The scripts that find, keep and drop copies of one edition. */
export interface CopyScripts {
  /** Arguments: the guid, a permit and a lifetime in milliseconds. Returns the copy, or stores the permit to make one. */
  readonly find: CopyScript;
  /** Arguments: the guid, the permit, a lifetime in milliseconds and the copy. Keeps it unless the permit was dropped. */
  readonly keep: CopyScript;
  /** Argument: the guid, or none for every copy of the user. Drops the copies and the permits. */
  readonly drop: CopyScript;
}

/** A further argument of `find`: stores the permit even if there is a copy, so that the copy can be replaced. */
export const ANEW = 'anew';

const FIND = `
local copy = redis.call('HGET', KEYS[1], ARGV[1])
if copy and ARGV[4] ~= '${ANEW}' then return copy end
redis.call('HSET', KEYS[1], '?' .. ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return false`;

const KEEP = `
local permit = '?' .. ARGV[1]
if redis.call('HGET', KEYS[1], permit) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], permit)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

const DROP = `
if #ARGV == 0 then return redis.call('DEL', KEYS[1]) end
return redis.call('HDEL', KEYS[1], ARGV[1], '?' .. ARGV[1])`;

/**
 * The scripts of an edition. Their text contains its name, and each server gets them only once. A server that was restarted
 * or took over from another has no scripts (Redis 7 neither stores nor replicates them), so it cannot return stale copies.
 */
export function scriptsOf(edition: string): CopyScripts {
  return { find: script(edition, '', FIND), keep: script(edition, '', KEEP), drop: script(edition, 'allow-oom', DROP) };
}

function script(edition: string, flags: string, body: string): CopyScript {
  const text = `#!lua flags=${flags}\n-- edition ${edition}${body}\n`;
  return { text, sha: hashOf(text) };
}
