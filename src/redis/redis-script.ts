import { createHash } from 'node:crypto';
import { isUnknownScript, type RedisLink } from './redis-link.js';

/**
 * A script on keys of one node, which Redis runs as one atomic step. Unlike a plain GET, every client sends it to a master
 * and never answers it from a client-side cache.
 */
export class RedisScript {
  readonly #sha: string;

  constructor(private readonly text: string) {
    this.#sha = hashOf(text);
  }

  /** Runs it by its hash, or by its full text on a server that does not know it yet. */
  async run(link: RedisLink, keys: string[], ...values: readonly (string | number)[]): Promise<unknown> {
    const call = { keys, arguments: values.map(String) };
    try {
      return await link.ask((client) => client.evalSha(this.#sha, call));
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return link.ask((client) => client.eval(this.text, call));
    }
  }
}

/** The hash by which Redis identifies a script. */
export function hashOf(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
