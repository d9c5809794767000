import { Client } from '../../test/support/client.js';
import type { SignedIn } from '../apps/app-spec.js';
import type { Contender } from '../contenders/contender.js';

/** Sees that an app does what it is measured for; throws a sentence where it does not. */
export async function verify(contender: Contender, url: string, sample: SignedIn): Promise<string[]> {
  const client = new Client(url);
  const { status, body } = await client.profile(sample.token);
  expectThat(status === 200, contender, `answered a good token ${status}`);
  if (contender.app === 'no-guard') return ['lets a token in'];
  expectThat(body.userId === sample.userId, contender, `took ${sample.userId} for ${body.userId}`);
  await verifyRefusals(contender, client, sample.token);
  return ['lets a token in', 'refuses none, garbage, a forgery', ...(await verifySignOut(contender, client, sample))];
}

async function verifyRefusals(contender: Contender, client: Client, token: string): Promise<void> {
  const forged = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(43)}`;
  for (const [what, bad] of Object.entries({ 'no token': undefined, garbage: 'garbage', 'a forgery': forged })) {
    const { status } = await client.call('GET', '/profile', { token: bad });
    expectThat(status === 401, contender, `answered ${what} ${status}`);
  }
}

async function verifySignOut(contender: Contender, client: Client, { token }: SignedIn): Promise<string[]> {
  if (contender.refuses === 'nothing') return [];
  const all = contender.refuses === 'all';
  const ended = all ? await client.call('DELETE', '/sessions', { token }) : await client.logout({ token });
  expectThat(ended.status < 300, contender, `answered a sign-out ${ended.status}`);
  const { status } = await client.profile(token);
  expectThat(status === 401, contender, `answered ${status} after a sign-out`);
  return [all ? 'refuses what "all" ended' : 'refuses a signed-out device'];
}

function expectThat(holds: boolean, { title }: Contender, otherwise: string): void {
  if (!holds) throw new Error(`${title}: ${otherwise}`);
}
