import type { EndReason, RefusalReason, TokenPair } from 'nestjs-session-registry';
import { type Attempt, badGrant, badToken, type Case } from './case.js';
import { bearer, getProfile, post, write } from './request.js';
import { Scene } from './scene.js';

/** What happened before, and the token that is presented after it. */
export type Story = (scene: Scene) => string | Promise<string>;

/** Renews the victim's session until it has had so many generations, the first of them included. */
export async function generations(scene: Scene, count: number): Promise<TokenPair[]> {
  const pairs = [scene.pair];
  while (pairs.length < count) pairs.push(await scene.stage.app.auth.refresh(pairs.at(-1)?.refresh_token ?? ''));
  return pairs;
}

/** Renews as `generations` does, and uses the last. */
export async function usedGenerations(scene: Scene, count: number): Promise<TokenPair[]> {
  const pairs = await generations(scene, count);
  await scene.stage.app.auth.authenticate(pairs.at(-1)?.access_token ?? '');
  return pairs;
}

/** Another user, signed in to the same app. */
export function stranger({ stage }: Scene): Promise<Scene> {
  return Scene.open(stage);
}

/** Presents a refresh token for renewal. */
export function renewal(story: Story): Pick<Attempt, 'at' | 'app' | 'send'> {
  const send = async (scene: Scene) => post('/auth/refresh', { refresh_token: await story(scene) });
  return { at: 'POST /auth/refresh', app: 'bearer', send };
}

/** Presents an access token to the guard. */
export function entry(story: Story): Pick<Attempt, 'at' | 'app' | 'send'> {
  const send = async (scene: Scene) => getProfile(bearer(await story(scene)));
  return { at: 'GET /profile', app: 'bearer', send };
}

/** Presents an access token to sign out with. */
export function departure(story: Story): Pick<Attempt, 'at' | 'app' | 'send'> {
  const headers = async (scene: Scene) => [bearer(await story(scene))];
  const send = async (scene: Scene) => write({ method: 'POST', path: '/auth/logout', headers: await headers(scene) });
  return { at: 'POST /auth/logout', app: 'bearer', send };
}

/** A renewal that is refused, and the end it is of the session. */
export function ending(title: string, ends: EndReason, reason: RefusalReason, story: Story): Case {
  const after = { answer: badGrant('session_ended') };
  const latest =
    (of: keyof TokenPair): Story =>
    (scene) =>
      String(scene.pair[of]);
  return {
    title,
    attempts: [
      { ...renewal(story), answer: badGrant(reason), ends },
      { ...renewal(latest('refresh_token')), ...after },
      { ...entry(latest('access_token')), answer: badToken('session_ended') },
    ],
  };
}

/** A good token of a session that is over: refused everywhere, and nothing comes of it. */
export function bereft(title: string, reason: RefusalReason, event: (scene: Scene) => unknown): Case {
  const [access, refresh] = [(it: Scene) => it.pair.access_token, (it: Scene) => it.pair.refresh_token];
  const before: Story = async (scene) => {
    await event(scene);
    return access(scene);
  };
  return {
    title,
    attempts: [
      { ...entry(access), answer: { status: 200 } },
      { ...entry(before), answer: badToken(reason) },
      { ...renewal(refresh), answer: badGrant(reason) },
      { ...departure(access), answer: { status: 204 } },
      { ...entry(access), answer: badToken(reason) },
    ],
  };
}

/** A truly signed pair of tokens that does not go with any row. */
export function mismatched(title: string, claims: (scene: Scene) => object | Promise<object>): Case {
  const token = (kind: 'access' | 'refresh'): Story => {
    return async (scene) => scene.specimen(kind).withClaims(await claims(scene));
  };
  const control = ({ pair }: Scene) => getProfile(bearer(pair.access_token));
  return {
    title,
    attempts: [
      { ...entry(token('access')), answer: badToken('session_unknown'), control },
      { ...renewal(token('refresh')), answer: badGrant('session_unknown'), control },
      { ...departure(token('access')), answer: { status: 204 }, control },
    ],
  };
}
