import { expect } from 'vitest';
import { KEY_MATERIAL } from './keys.js';
import type { Scene } from './scene.js';
import { headerOf, jsonOf, type RawAnswer } from './wire.js';

const SIGNED = /eyJ[\w-]{10,}\.[\w-]+/;
const SQL =
  /\b(SELECT .* FROM|INSERT INTO|UPDATE .* SET|DELETE FROM|WHERE|SQLITE_\w+|sqlite|refTokID)\b|no such (table|column)/;
/** A framework that has no such address says which: the sender's own words. */
const ECHO = /Cannot [A-Z]+ \S*|'\S*' is not a valid url component/;
const STACK = /\n\s+at |\bat \S+ \(|node_modules|\.[cm]?[jt]s:\d+/;

/** What is wrong with an answer that is no success, whatever was asked. */
export function harmIn(answer: RawAnswer, scene?: Scene): string[] {
  const said = `${[...answer.headers].flat(2).join('\n')}\n${answer.text.replace(ECHO, '')}`;
  const challenge = headerOf(answer, 'www-authenticate') ?? '';
  const coded = /"code":"(?!FST_)/.test(answer.text);
  const wrongs: [string, boolean][] = [
    ['a fault', answer.status >= 500],
    ['a token', SIGNED.test(said)],
    ['SQL', SQL.test(said)],
    ['a stack', STACK.test(said)],
    ['a secret', secretsOf(scene).some((secret) => said.includes(secret))],
    ['no challenge', answer.status === 401 && !/^Bearer( error="invalid_token")?$/.test(challenge)],
    ['a cookie', answer.headers.has('set-cookie')],
    ['it may be cached', coded && headerOf(answer, 'cache-control') !== 'no-store'],
  ];
  return wrongs.filter(([, is]) => is).map(([name]) => `${name}: ${said}`);
}

/** Fails for an answer that is no success and does harm. */
export function expectHarmless(answer: RawAnswer, scene?: Scene): void {
  const harm = harmIn(answer, scene);
  if (harm.length > 0) expect(harm).toEqual([]);
}

/** Holds the bodies of one code against each other: whatever the reason, they are one and the same (ASVS 16.5.1). */
export class OneBody {
  readonly #bodies = new Map<string, string>();

  check(answer: RawAnswer): void {
    const code = jsonOf(answer)?.code;
    // What a malformed request is told is how to mend it; what is wrong with an address, Fastify says itself.
    if (typeof code !== 'string' || code === 'invalid_request' || code.startsWith('FST_')) return;
    const name = `${answer.status} ${code}`;
    if (!this.#bodies.has(name)) this.#bodies.set(name, answer.text);
    if (answer.text !== this.#bodies.get(name)) expect(answer.text).toBe(this.#bodies.get(name));
  }
}

function secretsOf(scene: Scene | undefined): string[] {
  if (!scene) return [...KEY_MATERIAL];
  const { row, pair } = scene;
  const signatures = [pair.access_token, pair.refresh_token].map((token) => token.split('.')[2] ?? token);
  return [...KEY_MATERIAL, ...signatures, ...(row ? [row.refTokID] : [])];
}
