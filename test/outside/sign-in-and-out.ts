import { expect } from 'vitest';
import type { Client } from '../support/client.js';

/** Signs in, is let in, signs out, and is refused because of that. */
export async function signInAndOut(client: Client): Promise<void> {
  const [{ access_token, session }, other] = [await client.signIn('ada'), await client.signIn('ada')];
  expect((await client.profile(access_token)).body).toMatchObject({ guid: session.guid });
  expect((await client.logout({ token: access_token })).status).toBe(204);
  expect(await client.profile(access_token)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  const [ended] = (await client.listEnded(other.access_token)).body;
  expect(ended).toMatchObject({ guid: session.guid, endReason: 'signed_out' });
}
