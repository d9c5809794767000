import { createHash } from 'node:crypto';
import { isUnknownScript, type RedisLink } from './redis-link.js';

/**
 * A script on the keys of one node, which Redis runs as one step. Every client sends it to a master, and none answers it from a
 * cache of its own: not so a plain GET.
 */
export class RedisScript {
  readonly #sha: string;

  constructor(private readonly text: string) {
    this.#sha = hashOf(text);
  }

  /** Runs it by its hash; in full on a server that does not know it yet. */
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

/** The name Redis gives a script. */
export function hashOf(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
