import { hashOf } from './redis-script.js';

/** A script as Redis knows it: by the hash of its text. */
export interface CopyScript {
  readonly text: string;
  readonly sha: string;
}

/** How to find, keep and drop copies of one edition. */
export interface CopyScripts {
  /** Takes the guid, a permit and a life in milliseconds. Gives the copy, or takes the permit to make one. */
  readonly find: CopyScript;
  /** Takes the guid, the permit, a life in milliseconds and the copy. Keeps it if nothing was dropped since the permit. */
  readonly keep: CopyScript;
  /** Takes the guid, or nothing for every copy of the user; with them go the permits. */
  readonly drop: CopyScript;
}

/** Given to `find` after the life, it takes the permit in any case: what there is of a copy is to be replaced. */
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
 * The scripts of an edition. Each names it, and each server is given them once: one that was restarted or that took
 * over has lost them (Redis 7 neither stores nor replicates scripts), and so cannot answer from what it kept.
 */
export function scriptsOf(edition: string): CopyScripts {
  return { find: script(edition, '', FIND), keep: script(edition, '', KEEP), drop: script(edition, 'allow-oom', DROP) };
}

function script(edition: string, flags: string, body: string): CopyScript {
  const text = `#!lua flags=${flags}\n-- edition ${edition}${body}\n`;
  return { text, sha: hashOf(text) };
}
