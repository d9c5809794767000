import { type BinaryToTextEncoding, Hmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADAPTERS } from '../support/app.js';
import { MAX_TOKEN_LENGTH } from '../../src/tokens/compact-form.js';
import { bearer, getProfile, post } from './support/request.js';
import { Scene } from './support/scene.js';
import { openTheatre, type Theatre } from './support/theatre.js';
import { ask, jsonOf } from './support/wire.js';

/** Longer than any token that is read, and shorter than the bodies the frameworks read. */
const LARGE = 99_000;
/** Longer than a header may be. */
const TOO_LARGE = 20_000;

/** What copies a body member by member. */
const { TransformOperationExecutor: Copier } = createRequire(import.meta.url)(
  'class-transformer/cjs/TransformOperationExecutor.js',
) as { TransformOperationExecutor: { prototype: { transform(...given: unknown[]): unknown } } };
const PATHS = ['/auth/login', '/auth/refresh', '/auth/logout'];
/** Steps of copying a body with two members, and room. */
const FEW = 20;

interface Work {
  /** Texts decoded from base64url, by their length. */
  readonly decoded: number[];
  readonly parsed: number[];
  hashed: number;
}

describe.each(ADAPTERS)('what a large input costs on %s (R56, R58)', (adapter) => {
  let theatre: Theatre;
  let scene: Scene;

  beforeAll(async () => {
    theatre = await openTheatre(adapter, ['bearer']);
    scene = await Scene.open(theatre.stages.bearer);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => theatre.close());

  /** Counts what is decoded, parsed and hashed from now on. */
  function watchWork(): Work {
    const work: Work = { decoded: [], parsed: [], hashed: 0 };
    const [{ from }, { parse }, { digest }] = [Buffer, JSON, Hmac.prototype];
    vi.spyOn(Buffer, 'from').mockImplementation(((text: string, encoding?: unknown, ...rest: unknown[]) => {
      if (/^base64/.test(String(encoding))) work.decoded.push(text.length);
      return (from as (...given: unknown[]) => Buffer).call(Buffer, text, encoding, ...rest);
    }) as typeof from);
    vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
      work.parsed.push(text.length);
      return parse(text, reviver) as unknown;
    });
    vi.spyOn(Hmac.prototype, 'digest').mockImplementation(function (this: Hmac, encoding?: string) {
      work.hashed += 1;
      return digest.call(this, encoding as BinaryToTextEncoding);
    });
    return work;
  }

  async function refresh(token: string) {
    const { port, refusals } = scene.stage;
    refusals.length = 0;
    const answer = await ask(port, post('/auth/refresh', { refresh_token: token }));
    return { status: answer.status, code: jsonOf(answer)?.code, reasons: refusals.map(({ reason }) => reason) };
  }

  it.each([
    ['letters', 'A'.repeat(LARGE)],
    ['dots', '.'.repeat(LARGE)],
    ['short parts', 'a.'.repeat(LARGE / 2)],
    ['two letters and a dot', `${'a'.repeat(LARGE)}.a.`],
    ['hyphens', '-'.repeat(LARGE)],
    ['spaces', ' '.repeat(LARGE)],
    ['brackets', '['.repeat(LARGE)],
    ['percent signs', '%'.repeat(LARGE)],
    ['emoji', '📱'.repeat(LARGE / 4)],
    ['a good token and letters', undefined],
  ])('is nothing for a refresh token of 99 kB of %s: refused by its length alone', async (_, given) => {
    const good = scene.pair.refresh_token;
    const token = given ?? good + 'A'.repeat(LARGE - good.length);
    const work = watchWork();
    const seen = await refresh(token);
    vi.restoreAllMocks();
    expect(seen).toEqual({ status: 401, code: 'invalid_grant', reasons: ['malformed_token'] });
    // The body itself is parsed, once; nothing is done with what is in it.
    expect(work.parsed.filter((length) => length > MAX_TOKEN_LENGTH)).toHaveLength(1);
    expect({ ...work, parsed: [] }).toEqual({ decoded: [], parsed: [], hashed: 0 });
  });

  it('is a hash and two texts for a token that is read, so the count above counts', async () => {
    const token = scene.specimen('refresh').withClaims({ guid: 'another' });
    const work = watchWork();
    const seen = await refresh(token);
    vi.restoreAllMocks();
    expect(seen.reasons).toEqual(['session_unknown']);
    expect(work.decoded).toEqual(
      token
        .split('.')
        .slice(1)
        .map(({ length }) => length),
    );
    expect(work.hashed).toBe(1);
  });

  it.each([TOO_LARGE, 5 * TOO_LARGE])('is nothing for a header of %i characters: Node answers 431', async (length) => {
    const { port, refusals } = scene.stage;
    refusals.length = 0;
    const work = watchWork();
    const { status } = await ask(port, getProfile(bearer('A'.repeat(length))));
    vi.restoreAllMocks();
    expect([status, refusals, work]).toEqual([431, [], { decoded: [], parsed: [], hashed: 0 }]);
  });

  const MANY: readonly (readonly [string, string])[] = [
    ['30,000 objects', `[${'{},'.repeat(30_000)}{}]`],
    ['45,000 numbers', `[${'0,'.repeat(45_000)}0]`],
    ['8,000 members', `{${Array.from({ length: 8_000 }, (_, index) => `"${index}":{}`).join()}}`],
    ['8,000 members and what is due', `{"refresh_token":1,${'"x":[],'.repeat(8_000)}"username":1}`],
  ];
  it.each(MANY.flatMap(([name, body]) => PATHS.map((path) => [name, path, body] as const)))(
    'is no more for a body of %s than for one of two members, at %s',
    async (_, path, body) => {
      const copied = vi.spyOn(Copier.prototype, 'transform');
      const { status } = await ask(scene.stage.port, post(path, body));
      const steps = copied.mock.calls.length;
      expect([Math.floor(status / 100), steps < FEW || steps]).toEqual([4, true]);
    },
  );

  it('is a few steps for a good body, so the count above counts', async () => {
    const copied = vi.spyOn(Copier.prototype, 'transform');
    const { username } = scene;
    await ask(scene.stage.port, post('/auth/login', { username, password: 'wrong' }));
    expect(copied.mock.calls.length).toBeGreaterThan(0);
  });

  it('leaves the app serving, and the session live', async () => {
    await theatre.expectServing();
    expect(scene.row).toMatchObject({ endedAt: null, predecessor: null });
  });
});
